import { describe, expect, test } from 'vitest'
import { checkDomain } from '../../main/jobs/check.ts'
import { refreshFleet } from '../../main/jobs/fleet.ts'
import { repairDomain, toRepair } from '../../main/jobs/repair.ts'
import type { LoggedRequest } from '../../main/sandbox/faults.ts'
import { faultOf } from '../../main/sandbox/internal.ts'
import type { JournalRow } from '../../main/store/desk.ts'
import { unwrap } from '../../preload/failure.ts'
import { type OpenWorkspace, openWorkspace } from '../fakes/workspace.ts'

const journalOf = (work: OpenWorkspace, subject: string) => work.desk.journal({ subject, limit: 9 })
const fixes = (work: OpenWorkspace) => work.asked(/\/fix\//)

/** A domain with these internal faults and no other, checked already. */
async function broken(...faults: Parameters<typeof faultOf>[]) {
  const work = await openWorkspace()
  const name = work.named('enabled')
  const domain = work.sandbox.world.domain(name)
  if (!domain) throw new Error(`${name} is not in the sandbox`)
  for (const [key, of, cure] of faults) domain.faults.set(key, faultOf(key, of || name, cure))
  unwrap(await checkDomain(work, name))
  return { work, name, domain }
}

describe('a repair', () => {
  test('that works is one call, then a check, and tells before and after', async () => {
    const { work, name } = await broken(['postfix', ''])
    const repair = unwrap(await repairDomain(work, name))
    expect(repair).toMatchObject({ state: 'done', effect: 'repaired', failure: null })
    expect(repair.before.status).toBe('failed')
    expect(repair.after?.status).toBe('enabled')
    expect(work.asked(new RegExp(`/domains/${name}/`))).toEqual([
      `GET /domains/${name}/check`,
      `GET /domains/${name}/fix/`,
      `GET /domains/${name}/check`,
    ])
    expect(work.cache.read(name)?.row).toMatchObject({ status: 'enabled', repair: 'nothing' })
  })

  test('that works by half says so', async () => {
    const { work, name } = await broken(['ox', ''], ['cert', '', 'stays'])
    const repair = unwrap(await repairDomain(work, name))
    expect(repair).toMatchObject({ state: 'done', effect: 'partly', after: { status: 'failed' } })
    expect(work.cache.read(name)?.row).toMatchObject({ failing: ['cert'], repair: 'possible' })
  })

  test('that changes nothing says so', async () => {
    const { work, name } = await broken(['cert', '', 'stays'])
    expect(unwrap(await repairDomain(work, name))).toMatchObject({ effect: 'unchanged' })
  })

  test('that reveals an external fault says so, and the domain asks for action', async () => {
    const { work, name } = await broken(['ox', '', 'renews-dkim'])
    const repair = unwrap(await repairDomain(work, name))
    expect(repair).toMatchObject({ effect: 'revealed', after: { status: 'action_required' } })
    expect(work.cache.read(name)?.row).toMatchObject({ failing: ['dkim'], repair: 'external' })
  })

  test('faults 38: is in the journal before its request arrives', async () => {
    const { work, name } = await broken(['postfix', ''])
    const seen: Promise<JournalRow[]>[] = []
    const look = ({ path }: LoggedRequest) => {
      if (path.includes('/fix/')) seen.push(journalOf(work, name))
      return false
    }
    work.sandbox.answerNext(look, { delayMs: 0 })
    unwrap(await repairDomain(work, name))
    expect((await Promise.all(seen)).flat()).toMatchObject([
      {
        action: 'repair',
        subject: name,
        target: null,
        actor: 'agent-fictif',
        state: 'running',
        before: { status: 'failed' },
      },
    ])
    expect(seen).toHaveLength(1)
  })
})

describe('a repair is refused, and nothing leaves,', () => {
  test.each([
    ['external', 'action_required'],
    ['disabled', 'disabled'],
    ['nothing', 'enabled'],
  ] as const)('because of %s, for a domain that is %s', async (reason, status) => {
    const work = await openWorkspace()
    unwrap(await refreshFleet(work, false))
    expect(await repairDomain(work, work.named(status))).toMatchObject({
      ok: false,
      failure: { code: 'not-possible', reason },
    })
    expect(fixes(work)).toEqual([])
    expect(await work.desk.journal({ subject: null, limit: 9 })).toEqual([])
  })

  test('for a domain that was never tested', async () => {
    const work = await openWorkspace()
    unwrap(await refreshFleet(work, false))
    const refused = await repairDomain(work, work.named('pending'))
    expect(refused).toMatchObject({ failure: { code: 'not-possible', reason: 'unchecked' } })
  })

  test('for a domain that dimail lists no more', async () => {
    const { work, name } = await broken(['postfix', ''])
    work.cache.markGone([name], 5)
    expect(await repairDomain(work, name)).toMatchObject({ failure: { reason: 'gone' } })
    expect(fixes(work)).toEqual([])
  })

  test('for a domain that nobody knows, and for what is no name', async () => {
    const work = await openWorkspace()
    expect(await repairDomain(work, 'inconnue.example')).toMatchObject({ failure: { code: 'not-found' } })
    expect(await repairDomain(work, 'pas un nom')).toMatchObject({ failure: { code: 'invalid' } })
    expect(work.sandbox.requests).toEqual([])
  })

  test('while another of the same domain runs, however its name is written', async () => {
    const { work, name } = await broken(['postfix', ''])
    const both = await Promise.all([repairDomain(work, name), repairDomain(work, name.toUpperCase())])
    expect(both.map((one) => (one.ok ? 'done' : one.failure.reason))).toEqual(['done', 'running'])
    expect(fixes(work)).toHaveLength(1)
    expect(await repairDomain(work, name)).toMatchObject({ failure: { reason: 'nothing' } })
  })
})

describe('a repair whose answer', () => {
  test.each([
    ['faults 37: is lost after it was done', { cut: 'after' } as const],
    ['faults 37: is cut in its middle', { cut: 'mid-body' } as const],
  ])('%s is unknown, with what dimail says now', async (_title, fault) => {
    const { work, name } = await broken(['postfix', ''])
    work.sandbox.answerNext(/\/fix\//, fault)
    const repair = unwrap(await repairDomain(work, name))
    expect(repair).toMatchObject({
      state: 'unknown',
      failure: { code: 'unknown-outcome', reason: 'lost-answer' },
      after: { status: 'enabled' },
      effect: 'repaired',
    })
    expect(fixes(work)).toHaveLength(1)
    expect(await journalOf(work, name)).toHaveLength(1)
  })

  test('faults 37: is lost before it was done is unknown, and the check says that nothing changed', async () => {
    const { work, name } = await broken(['postfix', ''])
    work.sandbox.answerNext(/\/fix\//, { cut: 'before' })
    expect(unwrap(await repairDomain(work, name))).toMatchObject({ state: 'unknown', effect: 'unchanged' })
    expect(fixes(work)).toHaveLength(1)
    expect(unwrap(await repairDomain(work, name))).toMatchObject({ state: 'done', effect: 'repaired' })
  })

  test('faults 38: is lost, and whose check is lost too, is unknown without an after', async () => {
    const { work, name } = await broken(['postfix', ''])
    work.sandbox.answerNext(/\/fix\//, { cut: 'after' })
    work.sandbox.answerNext(/\/check$/, { cut: 'before' }, 9)
    const repair = unwrap(await repairDomain(work, name))
    expect(repair).toMatchObject({ state: 'unknown', after: null, effect: null })
    expect(work.cache.read(name)?.row).toMatchObject({ status: 'failed', attempt: { failure: {} } })
  })

  test('faults 40: never comes is unknown once its time is over', async () => {
    const work = await openWorkspace({}, { timeouts: { headers: 300 } })
    unwrap(await refreshFleet(work, false))
    work.sandbox.answerNext(/\/fix\//, { silent: true, applied: true })
    const repair = unwrap(await repairDomain(work, work.named('failed')))
    expect(repair).toMatchObject({ state: 'unknown', effect: 'repaired' })
    expect(fixes(work)).toHaveLength(1)
  })

  test('faults 35: is a 500 has failed, and is asked once', async () => {
    const { work, name } = await broken(['postfix', ''])
    work.sandbox.answerNext(/\/fix\//, { answer: { status: 500, body: 'Internal Server Error' } }, 9)
    const repair = unwrap(await repairDomain(work, name))
    expect(repair).toMatchObject({ state: 'failed', after: null, failure: { code: 'server-error' } })
    expect(fixes(work)).toHaveLength(1)
    expect(work.cache.read(name)?.row.status).toBe('failed')
  })

  test('faults 48: is a redirect has not gone anywhere else', async () => {
    const { work, name } = await broken(['postfix', ''])
    const headers = { location: `${work.sandbox.url}/domains/${name}/fix` }
    work.sandbox.answerNext(/\/fix\//, { answer: { status: 307, headers } })
    const repair = unwrap(await repairDomain(work, name))
    expect(repair.state).not.toBe('done')
    expect(work.asked(/fix/)).toHaveLength(1)
  })
})

test('faults 53: a repair that a kill left without an answer is settled as unknown', async () => {
  const { work, name } = await broken(['postfix', ''])
  const before = { status: 'failed' as const, checks: [] }
  await work.desk.intend({ action: 'repair', subject: name, target: null, actor: 'agent', before, at: 1 })
  expect(await work.desk.settleAbandoned(2)).toEqual([name])
  const [row] = await journalOf(work, name)
  expect(row && toRepair(row)).toMatchObject({ state: 'unknown', failure: { reason: 'interrupted' } })
})
