import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextAt, silentOf, usualPace, watched } from '../../main/diagnosis/watch.ts'
import type { Diagnosis, DnsWatch } from '../../preload/dns-shapes.ts'
import { diagnosisOf, type Word } from '../fakes/diagnoses.ts'

const domain = 'val-fictif.example'
const pinned: DnsWatch = {
  domain,
  by: 'agent-fictif',
  since: 0,
  state: 'waiting',
  agreed: 0,
  lastAt: null,
  nextAt: null,
  toldAt: null,
}
const minute = 60_000
const day = 24 * 60 * minute

type Rows = readonly (readonly Word[])[]
/** Each diagnosis five minutes after the one before; what the watch is after each, and at which the agent is told. */
function through(all: readonly Rows[], from: DnsWatch = pinned, everyMs = 5 * minute) {
  const states: string[] = []
  const told: number[] = []
  let watch = from
  for (const [place, rows] of all.entries()) {
    const at = (place + 1) * everyMs
    const { watch: next, tell } = watched(watch, diagnosisOf(rows, { at }), at)
    watch = next
    states.push(`${watch.state} ${watch.agreed}`)
    if (tell) told.push(place)
  }
  return { states, told, watch }
}

const right: Rows = [['right', 'right']]
const wrong: Rows = [['wrong', 'absent']]
const partly: Rows = [['right', 'wrong']]
const silent: Rows = [['silent', 'silent']]

describe('what diagnoses make of a watch', () => {
  test.each<{ title: string; all: Rows[]; states: string[]; told: number[] }>([
    { title: 'nothing published yet', all: [wrong, wrong], states: ['waiting 0', 'waiting 0'], told: [] },
    {
      title: 'right twice',
      all: [wrong, right, right],
      states: ['waiting 0', 'waiting 1', 'settled 2'],
      told: [2],
    },
    {
      title: 'seen on one server only, then everywhere',
      all: [partly, partly, right, right],
      states: ['propagating 0', 'propagating 0', 'propagating 1', 'settled 2'],
      told: [3],
    },
    {
      title: 'right once between two that are not',
      all: [right, partly, right, wrong, right, right],
      states: ['waiting 1', 'propagating 0', 'propagating 1', 'waiting 0', 'waiting 1', 'settled 2'],
      told: [5],
    },
    {
      title: 'broken again after it was told, and right once more',
      all: [right, right, wrong, partly, right, right, right],
      states: [
        'waiting 1',
        'settled 2',
        'waiting 0',
        'propagating 0',
        'propagating 1',
        'settled 2',
        'settled 2',
      ],
      told: [1],
    },
    {
      title: 'nothing readable in between: not in a row',
      all: [right, silent, right, right],
      states: ['waiting 1', 'waiting 0', 'waiting 1', 'settled 2'],
      told: [3],
    },
    {
      title: 'nothing readable once it is told',
      all: [right, right, silent],
      states: ['waiting 1', 'settled 2', 'settled 2'],
      told: [1],
    },
    {
      title: 'one server that never answers, the other right',
      all: [[['right', 'silent']], [['right', 'silent']]],
      states: ['waiting 1', 'settled 2'],
      told: [1],
    },
    {
      title: 'one server that answers wrong at last',
      all: [[['right', 'silent']], [['right', 'wrong']]],
      states: ['waiting 1', 'propagating 0'],
      told: [],
    },
    {
      title: 'a record that no server lets be read, the others right',
      all: [
        [['right'], ['silent']],
        [['right'], ['silent']],
      ],
      states: ['waiting 0', 'waiting 0'],
      told: [],
    },
    {
      title: 'a record that is still wrong, another right',
      all: [
        [['right'], ['wrong']],
        [['right'], ['right']],
      ],
      states: ['waiting 0', 'waiting 1'],
      told: [],
    },
    { title: 'nothing that dimail expects', all: [[], []], states: ['waiting 0', 'waiting 0'], told: [] },
  ])('field N11: $title', ({ all, states, told }) => {
    const { watch, ...seen } = through(all)
    expect(seen).toEqual({ states, told })
    expect(watch.lastAt).toBe(all.length * 5 * minute)
  })

  test('field N11: a public resolver that is still behind does not keep it waiting', () => {
    const late = (at: number) => diagnosisOf(right, { at, outside: 'wrong' })
    const { watch } = watched(pinned, late(5 * minute), 5 * minute)
    expect(watched(watch, late(10 * minute), 10 * minute)).toMatchObject({ tell: true })
  })

  test('field N11: an agent who asks again at once does not make two answers of one', () => {
    const { told, watch } = through([right, right, right], pinned, 20_000)
    expect([told, watch.agreed, watch.lastAt]).toEqual([[], 1, 20_000])
    expect(through([right, right, right, right], pinned, 20_000).told).toEqual([3])
  })

  test('a clock that was put back does not stop it', () => {
    const { watch } = watched(pinned, diagnosisOf(right, { at: day }), day)
    expect(watched(watch, diagnosisOf(right, { at: minute }), minute)).toMatchObject({ tell: true })
  })

  const word = fc.constantFrom<Word[]>('right', 'right', 'right', 'wrong', 'absent', 'silent')
  const rows = fc.array(fc.array(word, { minLength: 2, maxLength: 2 }), { maxLength: 2 })
  test('field N11: whatever the answers are, and whenever they come, an agent is told at most once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(rows, fc.integer({ min: 0, max: 10 * minute }))), (all) => {
        let watch = pinned
        let told = 0
        let at = 0
        for (const [said, later] of all) {
          at += later
          const before = watch
          const diagnosis = diagnosisOf(said, { at })
          const next = watched(watch, diagnosis, at)
          watch = next.watch
          if (next.tell) {
            told++
            expect([watch.state, watch.toldAt, before.agreed]).toEqual(['settled', at, 1])
            expect(
              diagnosis.records.flatMap(({ answers }) => answers.slice(0, 2).map((one) => one.verdict)),
            ).not.toContain('incorrect')
          }
          expect(watch.state === 'settled').toBe(watch.agreed === 2)
          expect(watch.state === 'settled' && watch.toldAt === null).toBe(false)
        }
        expect(told).toBeLessThanOrEqual(1)
        expect(told === 0).toBe(watch.toldAt === null)
      }),
    )
  })
})

describe('servers that could not be read', () => {
  const names = (diagnosis: Diagnosis) => silentOf(diagnosis)
  test('field N11: are named, once each, and the public ones are not', () => {
    expect(
      names(
        diagnosisOf(
          [
            ['right', 'silent'],
            ['right', 'silent'],
          ],
          { outside: 'silent' },
        ),
      ),
    ).toEqual(['ns1.hote.example'])
    expect(
      names(
        diagnosisOf([
          ['right', 'right'],
          ['right', 'silent'],
        ]),
      ),
    ).toEqual(['ns1.hote.example'])
    expect(names(diagnosisOf(right))).toEqual([])
  })

  test('are not those that only have an address of IPv6, where this computer has none', () => {
    const diagnosis = diagnosisOf([['right', 'silent']])
    for (const { answers } of diagnosis.records)
      for (const answer of answers) if (answer.state === 'unread') answer.reason = 'no-ipv6'
    expect(names(diagnosis)).toEqual([])
  })

  test('are named by their address when they have no name', () => {
    const diagnosis = diagnosisOf([['right', 'silent']])
    const servers = diagnosis.servers.map((server) => ({ ...server, name: null }))
    expect(names({ ...diagnosis, servers })).toEqual(['192.0.2.2'])
  })
})

describe('when it is asked about next', () => {
  const nextOf = (rows: Rows, ttl: number, watch: Partial<DnsWatch> = {}, since = 0, now = 0) =>
    nextAt({ ...pinned, ...watch }, diagnosisOf(rows, { at: now, ttl, since }), now, () => 0)
  test.each([
    { title: 'never asked: 5 minutes', at: nextAt(pinned, null, 0, () => 0), minutes: 5 },
    { title: 'the life of what is not right yet', at: nextOf(wrong, 900), minutes: 15 },
    { title: 'no more often than every 2 minutes', at: nextOf(wrong, 1), minutes: 2 },
    { title: 'at least each hour', at: nextOf(wrong, 86_400), minutes: 60 },
    { title: 'nothing is there: 5 minutes', at: nextOf([['absent']], 900), minutes: 5 },
    { title: 'what is right does not count', at: nextOf([['right'], ['absent']], 60), minutes: 5 },
    { title: 'nothing could be read: 5 minutes', at: nextOf(silent, 900), minutes: 5 },
    { title: 'right once: soon, to confirm it', at: nextOf(right, 3600, { agreed: 1 }), minutes: 2 },
    { title: 'a quiet day: twice as long', at: nextOf([['absent']], 900, {}, 0, day), minutes: 24 * 60 + 10 },
    { title: 'a change today', at: nextOf([['absent']], 900, {}, day - 1, day), minutes: 24 * 60 + 5 },
    {
      title: 'a quiet month: each hour',
      at: nextOf([['absent']], 900, {}, 0, 30 * day),
      minutes: 30 * 24 * 60 + 60,
    },
  ])('field N11: $title', ({ at, minutes }) => {
    expect(at).toBe(minutes * minute)
  })

  test('field N11: never again once it was told', () => {
    expect(nextOf(right, 900, { toldAt: 5, agreed: 2, state: 'settled' })).toBeNull()
    expect(nextOf(wrong, 900, { toldAt: 5 })).toBeNull()
  })

  test('seats ask at moments of their own, never earlier and never much later', () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.float({ min: 0, max: 1, noNaN: true }),
        fc.nat(40),
        (ttl, random, days) => {
          const now = days * day
          const diagnosis = diagnosisOf(wrong, { at: now, ttl, since: 0 })
          const next = nextAt(pinned, diagnosis, now, () => random) ?? 0
          expect(next - now).toBeGreaterThanOrEqual(usualPace.least)
          expect(next - now).toBeLessThanOrEqual(usualPace.most * 1.25 + 1)
        },
      ),
    )
  })
})
