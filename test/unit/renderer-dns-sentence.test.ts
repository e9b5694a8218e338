import { describe, expect, test } from 'vitest'
import type { DiagnosedRecord, Diagnosis } from '../../preload/dns-shapes.ts'
import type { Check } from '../../preload/shapes.ts'
import { saidBy } from '../../renderer/dns/answers.ts'
import { factsOf, middleOut, shortened } from '../../renderer/dns/facts.ts'
import { correctionOf, type DnsSentence, dnsSentence, partKeys } from '../../renderer/dns/sentence.ts'
import en from '../../renderer/i18n/en.json' with { type: 'json' }
import fr from '../../renderer/i18n/fr.json' with { type: 'json' }
import { answer, diagnosed, diagnosis, known, mx, servers } from '../fakes/dns-said.ts'

const check = (key: string, state: Check['state']): Check => ({ key, internal: false, state, errors: [] })
const failing = [check('mx', 'failing'), check('spf', 'failing')]
const well = [check('mx', 'ok'), check('spf', 'ok')]
/** dimail was asked before the DNS was. */
const before = { checkedAt: 100, fetchedAt: 100 }

const propagating = { code: 'propagating' as const, level: 'note' as const, facts: {} }
const behind = { code: 'public-behind' as const, level: 'note' as const, facts: {} }
const remark = { code: 'spf-softer' as const, level: 'warning' as const, facts: {} }
const corrected = { before: { verdict: 'incorrect' as const, lastAt: 400 } }
const spreading = (...verdicts: DiagnosedRecord['verdict'][]) => ({
  findings: [propagating],
  answers: verdicts.map((verdict, server) => answer(server, verdict)),
})
const delegation = (state: Diagnosis['delegation']['state']): Partial<Diagnosis> => ({
  delegation: { state, zone: null, parent: [], child: [], findings: [] },
})

describe('what DNS says that dimail does not know yet', () => {
  const right = diagnosis([diagnosed('mx', 'correct', corrected), diagnosed('spf', 'correct', corrected)])
  test.each([
    ['nothing, before DNS was asked', null, failing, undefined],
    ['that it is corrected', right, failing, 'corrected'],
    ['nothing, when dimail has seen it', right, well, undefined],
    [
      'that a part of it is corrected',
      diagnosis([diagnosed('mx', 'correct', corrected), diagnosed('spf', 'missing')]),
      failing,
      'alsoCorrected',
    ],
    ['nothing, when nothing is corrected', diagnosis([diagnosed('mx', 'missing')]), failing, undefined],
    [
      'that it has changed behind dimail’s back',
      diagnosis([diagnosed('mx', 'missing')]),
      well,
      'changedSince',
    ],
  ])('field N1: %s', (_, found, checks, key) => {
    expect(correctionOf(known(found), { checks, ...before })?.key).toBe(key)
  })
})

type Case = [
  title: string,
  found: Diagnosis | null,
  checks: Check[],
  says: string[],
  tone: DnsSentence['tone'],
  asksDimail: boolean,
]
const cases: Case[] = [
  ['is never asked', null, well, ['never'], 'off', false],
  [
    'is not delegated, whatever else was read',
    diagnosis([diagnosed('mx', 'error')], delegation('not-delegated')),
    failing,
    ['notDelegated'],
    'bad',
    false,
  ],
  [
    'differs between servers of which none is right: nothing to wait for',
    diagnosis([diagnosed('mx', 'incorrect', spreading('incorrect', 'missing', 'error'))]),
    failing,
    ['toCorrect 1'],
    'warn',
    false,
  ],
  ['has nothing to compare', diagnosis([]), well, ['nothingExpected'], 'off', false],
  [
    'cannot be read: never missing',
    diagnosis([diagnosed('mx', 'error'), diagnosed('spf', 'error')], delegation('unread')),
    failing,
    ['unreadable'],
    'warn',
    false,
  ],
  [
    'can be read in part',
    diagnosis([diagnosed('mx', 'error'), diagnosed('spf', 'correct')]),
    well,
    ['partlyUnread 1'],
    'warn',
    false,
  ],
  [
    'is not corrected yet',
    diagnosis([diagnosed('mx', 'incorrect'), diagnosed('spf', 'incomplete')]),
    failing,
    ['toCorrect 2'],
    'warn',
    false,
  ],
  [
    'is wrong where dimail does not look',
    diagnosis([diagnosed(null, 'missing'), diagnosed('spf', 'correct')]),
    well,
    ['toCorrect 1'],
    'warn',
    false,
  ],
  [
    'has changed since dimail said that all is well',
    diagnosis([diagnosed('mx', 'incorrect'), diagnosed('spf', 'correct')]),
    well,
    ['changedSince 1'],
    'warn',
    true,
  ],
  [
    'is corrected at the source, as this console saw',
    diagnosis([diagnosed('mx', 'correct', corrected), diagnosed('spf', 'correct', corrected)]),
    failing,
    ['corrected 2 @500'],
    'info',
    true,
  ],
  [
    'is right at first sight, where dimail says otherwise',
    diagnosis([diagnosed('mx', 'correct')]),
    failing,
    ['rightAtSource 1 @1000'],
    'info',
    true,
  ],
  [
    'is corrected in part',
    diagnosis([diagnosed('mx', 'incorrect'), diagnosed('spf', 'correct', corrected)]),
    failing,
    ['toCorrect 1', 'alsoCorrected 1 @500'],
    'warn',
    true,
  ],
  [
    'spreads: one server of three is late, the public one does not count',
    diagnosis([
      diagnosed('mx', 'incorrect', spreading('correct', 'incorrect', 'correct', 'incorrect')),
      diagnosed('spf', 'correct'),
    ]),
    well,
    ['propagating 1/3'],
    'info',
    false,
  ],
  [
    'spreads: a server that cannot be read is not counted as late',
    diagnosis([diagnosed('mx', 'incorrect', spreading('correct', 'incorrect', 'error'))]),
    failing,
    ['propagating 1/2'],
    'info',
    false,
  ],
  [
    'spreads in a way that no server shows alone',
    diagnosis([diagnosed('mx', 'conflicting', spreading('correct', 'correct'))]),
    well,
    ['propagatingUnsure 1'],
    'info',
    false,
  ],
  [
    'is never corrected by what one server says',
    diagnosis([
      diagnosed('mx', 'correct', { ...corrected, ...spreading('correct', 'incorrect', 'incorrect') }),
    ]),
    failing,
    ['propagating 2/3'],
    'info',
    false,
  ],
  [
    'is right, and public resolvers keep an old answer',
    diagnosis([diagnosed('mx', 'correct', { findings: [behind] })]),
    well,
    ['agreed @100', 'publicBehind'],
    'good',
    false,
  ],
  [
    'is right, before dimail has looked',
    diagnosis([diagnosed('mx', 'correct'), diagnosed('dkim', 'correct')]),
    [check('mx', 'ok'), check('dkim', 'not-tested')],
    ['untold'],
    'good',
    true,
  ],
  [
    'is right, and could be better',
    diagnosis([diagnosed('mx', 'correct'), diagnosed('spf', 'correct', { findings: [remark] })]),
    well,
    ['agreed @100', 'remarks 1'],
    'good',
    false,
  ],
  [
    'is right where dimail could not read its own check',
    diagnosis([diagnosed('mx', 'correct', corrected)]),
    [check('mx', 'unknown')],
    ['corrected 1 @500'],
    'info',
    true,
  ],
]

const short = ({ key, count, of, at }: DnsSentence['parts'][number]) => {
  const number = count === undefined ? '' : ` ${count}${of === undefined ? '' : `/${of}`}`
  // The ages that matter are those of a correction and of an agreement.
  const isAged = /orrected|rightAtSource|agreed/.test(key) && !key.startsWith('to') && at !== undefined
  return `${key}${number}${isAged ? ` @${at}` : ''}`
}

describe('the sentence over the double verdict', () => {
  test.each(cases)('field N1: of a domain that %s', (_title, found, checks, says, tone, asksDimail) => {
    const sentence = dnsSentence(known(found), { checks, ...before })
    expect(sentence.parts.map(short)).toEqual(says)
    expect([sentence.tone, sentence.asksDimail]).toEqual([tone, asksDimail])
  })

  test('field N1: says that dimail looked after the correction and does not see it', () => {
    const found = known(diagnosis([diagnosed('mx', 'correct', corrected)]))
    const sentence = dnsSentence(found, { checks: failing, checkedAt: 900, fetchedAt: 100 })
    expect(sentence.parts.map(short)).toEqual(['correctedUnseen 1 @500'])
    expect(sentence.asksDimail).toBe(true)
  })

  test('field N1: has words in both languages for every part', () => {
    for (const sentences of [fr.dns.sentence, en.dns.sentence]) {
      const keys = new Set(Object.keys(sentences).map((key) => key.replace(/_(one|other)$/, '')))
      expect([...keys].sort()).toEqual([...partKeys].sort())
    }
  })
})

describe('what servers say together', () => {
  test('field 3.3: puts same answers together whatever their order, most of them first', () => {
    const both = [mx('a.example', 60), mx('b.example', 600)]
    const record = {
      answers: [
        answer(0, 'incorrect', [mx('old.example', 30)]),
        answer(1, 'correct', both),
        answer(2, 'correct', [mx('b.example', 300), mx('a.example', 300)]),
        answer(3, 'incorrect', [mx('old.example')]),
      ],
    }
    const told = saidBy('authoritative', record, servers)
    expect(told).toMatchObject([
      { values: ['10 a.example', '10 b.example'], ttl: { least: 60, most: 600 } },
      { values: ['10 old.example'], ttl: { least: 30, most: 30 } },
    ])
    expect(told.map((one) => one.servers.size)).toEqual([2, 1])
    expect(saidBy('public', record, servers).map((one) => one.servers.size)).toEqual([1])
  })

  test('field 2.1: keeps apart what is not there and what could not be read', () => {
    const record = {
      answers: [
        answer(0, 'missing', []),
        answer(1, 'error', [], { state: 'unread', reason: 'timeout' }),
        answer(2, 'error', [], { state: 'unread', reason: 'servfail' }),
      ],
    }
    expect(saidBy('authoritative', record, servers).map(({ state, reason }) => [state, reason])).toEqual([
      ['no-data', null],
      ['unread', 'timeout'],
      ['unread', 'servfail'],
    ])
  })
})

describe('what comes from outside', () => {
  test.each([
    ['hides a direction mark', 'a\u202Eb', 'a‹U+202E›b'],
    ['is written from right to left', 'שלום', '\u2068שלום\u2069'],
    ['is 64 KB long', 'x'.repeat(65_535), `${'x'.repeat(159)}…`],
  ])('faults 11: a fact that %s goes into its sentence as what it is', (_title, fact, shown) => {
    expect(factsOf({ value: fact, count: 2 })).toEqual({ value: shown, count: 2 })
  })

  test('faults 11: a text is never cut through a character', () => {
    expect(shortened('😀'.repeat(10), 5)).toBe(`${'😀'.repeat(4)}…`)
    expect(shortened('😀'.repeat(5), 5)).toBe('😀'.repeat(5))
    expect(middleOut('😀'.repeat(10), 2)).toBe('😀😀 … 😀😀')
    expect(middleOut('😀😀😀😀', 2)).toBe('😀😀😀😀')
  })
})
