import { describe, expect, test } from 'vitest'
import { checkDomain } from '../../main/jobs/check.ts'
import { createQueue } from '../../main/jobs/queue.ts'
import { repairAsRow, repairDomain } from '../../main/jobs/repair.ts'
import { createMailbox } from '../../main/mailboxes/create.ts'
import { retryWaiting } from '../../main/mailboxes/waiting.ts'
import { createSender } from '../../main/mailboxes/waiting-sender.ts'
import { faultOf } from '../../main/sandbox/internal.ts'
import { rightRecords } from '../../main/sandbox/records.ts'
import { unwrap } from '../../preload/failure.ts'
import { noMailboxJobs } from '../fakes/quiet.ts'
import { type OpenWorkspace, openWorkspace } from '../fakes/workspace.ts'

/**
 * What La Régie's client gets wrong about a domain (docs/dimail.md 9, docs/field.md 1.6), and this one does not.
 * The defects about mailboxes, aliases, rights and imports are tested beside what they are about.
 */

const json = { 'content-type': 'application/json' }

async function internallyBroken() {
  const work = await openWorkspace()
  const name = work.named('enabled')
  const domain = work.sandbox.world.domain(name)
  if (!domain) throw new Error(`${name} is not in the sandbox`)
  domain.faults.set('cert', faultOf('cert', name, 'stays'))
  return { work, name, domain }
}

const latest = (work: OpenWorkspace, name: string) => work.cache.read(name)?.snapshots[0]

describe('a check', () => {
  const crashing = 'that finds a domain failed tells it, and crashes on nothing'
  async function failed() {
    const { work, name } = await internallyBroken()
    expect(unwrap(await checkDomain(work, name))).toMatchObject({ status: 'failed', failing: ['cert'] })
    const repaired = unwrap(await repairDomain(work, name))
    expect(repaired).toMatchObject({ state: 'done', effect: 'unchanged', after: { status: 'failed' } })
  }
  test(`dimail C3: ${crashing}`, failed)
  test(`field D1: ${crashing}`, failed)

  const refreshed = 'of a domain that stays enabled is kept as the latest, with its time and all that it said'
  async function staysEnabled() {
    const work = await openWorkspace()
    const name = work.named('enabled')
    unwrap(await checkDomain(work, name))
    const first = work.cache.read(name)
    work.sandbox.answerNext(/\/check$/, {
      answer: {
        status: 200,
        headers: json,
        body: JSON.stringify({ name, state: 'ok', active: true, mx: { ok: true }, mx_name: 'autre' }),
      },
    })
    unwrap(await checkDomain(work, name))
    const second = work.cache.read(name)
    expect(second?.row.status).toBe('enabled')
    expect(second?.row.checkedAt).toBeGreaterThan(first?.row.checkedAt ?? Number.POSITIVE_INFINITY)
    expect(latest(work, name)?.answer).toContain('autre')
  }
  test(`dimail D11: ${refreshed}`, staysEnabled)
  test(`field D5: ${refreshed}`, staysEnabled)

  test('dimail D11: after a repair that reveals an external fault tells that fault', async () => {
    const { work, name, domain } = await internallyBroken()
    domain.faults.set('cert', faultOf('cert', name, 'renews-dkim'))
    unwrap(await checkDomain(work, name))
    unwrap(await repairDomain(work, name))
    expect(work.cache.read(name)?.row).toMatchObject({ status: 'action_required', failing: ['dkim'] })
    expect(latest(work, name)?.answer).toMatch(/"dkim":\{"ok":false/)
  })

  test.each(['new', 'en-travaux'])('field D5: whose state is %s is stored as it came', async (state) => {
    const work = await openWorkspace()
    const name = work.named('enabled')
    unwrap(await checkDomain(work, name))
    const body = JSON.stringify({ name, state, active: true, mx: { ok: true, errors: [] } })
    work.sandbox.answerNext(/\/check$/, { answer: { status: 200, headers: json, body } })
    unwrap(await checkDomain(work, name))
    expect(latest(work, name)?.answer).toContain(`"state":"${state}"`)
  })
})

describe('a check of many domains', () => {
  const survives = 'goes on after a cut connection, a slow answer, JSON that is none and a refusal'
  async function goesOn() {
    const work = await openWorkspace({}, { timeouts: { headers: 300 } })
    const names = work.sandbox.world.names().slice(0, 12)
    const [cut = '', silent = '', html = '', denied = ''] = names
    const of = (name: string) => new RegExp(`/domains/${name}/check$`)
    work.sandbox.answerNext(of(cut), { cut: 'before' }, 9)
    work.sandbox.answerNext(of(silent), { silent: true }, 9)
    work.sandbox.answerNext(of(html), { answer: { status: 200, headers: json, body: '<p>' } }, 9)
    work.sandbox.answerNext(of(denied), { answer: { status: 403, headers: json, body: '{}' } }, 9)
    const queue = createQueue(
      work.cache.jobs,
      {
        check: (name, signal, settle) => checkDomain(work, name, signal, settle),
        repair: (name, _signal, settle) => repairAsRow(work, name, settle),
        ...noMailboxJobs,
      },
      work.now,
      () => {},
      (error) => {
        throw error
      },
    )
    const job = await queue.ended(queue.start('check', names).id)
    expect(job.state).toBe('done')
    const rows = work.cache.jobs.rows(job.id, 0, 20)
    const failures = new Map(rows.map(({ name, failure }) => [name, failure?.code ?? null]))
    expect([cut, silent, html, denied].map((name) => failures.get(name))).toEqual([
      'offline',
      'timeout',
      'bad-response',
      'refused',
    ])
    expect(job.done + job.failed).toBe(names.length)
    expect(job.done).toBeGreaterThan(0)
  }
  test(`dimail C2: ${survives}`, goesOn)
  test(`field D6: ${survives}`, goesOn)
})

describe('a repair', () => {
  test('field D7: is a call that acts: never made without being asked, never twice, never through a redirect', async () => {
    const { work, name } = await internallyBroken()
    unwrap(await checkDomain(work, name))
    unwrap(await checkDomain(work, name))
    const fixes = () => work.asked(/\/fix/)
    expect(fixes()).toEqual([])
    const elsewhere = { location: `${work.sandbox.url}/domains/${name}/fix` }
    work.sandbox.answerNext(/\/fix\/$/, { answer: { status: 307, headers: elsewhere } })
    unwrap(await repairDomain(work, name))
    expect(fixes()).toEqual([`GET /domains/${name}/fix/`])
    work.sandbox.answerNext(/\/fix\/$/, { answer: { status: 500, body: 'Internal Server Error' } })
    unwrap(await repairDomain(work, name))
    expect(fixes()).toHaveLength(2)
  })
})

describe('a mailbox whose creation failed', () => {
  const person = { givenName: 'Anis', surName: 'Fictif', displayName: '', secondaryEmail: null }

  test.each([
    ['a 409', { answer: { status: 409, headers: json, body: '{"detail":"Conflict"}' } }],
    ['a 500', { answer: { status: 500, body: 'Internal Server Error' } }],
    ['a cut connection', { cut: 'before' as const }],
  ])('dimail D8: by %s is kept with its reason, and made when it is sent again', async (_by, behaviour) => {
    const work = await openWorkspace()
    const domain = work.named('enabled')
    unwrap(await checkDomain(work, domain))
    work.sandbox.answerNext(/^POST .*\/mailboxes\//, behaviour)
    const first = await createMailbox(work, { domain, localPart: 'anis.fictif', ...person })
    expect(first.ok).toBe(false)
    const id = `anis.fictif@${domain}`
    expect(await work.desk.waiting.get(id)).toMatchObject({ surName: 'Fictif', failure: expect.anything() })
    expect(unwrap(await retryWaiting(work, id))).toMatchObject({ outcome: 'created' })
    expect(await work.desk.waiting.get(id)).toBeNull()
    const boxes = work.sandbox.world.domain(domain)?.mailboxes.filter(({ local }) => local === 'anis.fictif')
    expect(boxes).toHaveLength(1)
  })

  test('dimail C2: stops no other of its domain, and no other domain', async () => {
    const work = await openWorkspace()
    const [one, two] = [work.named('action_required'), work.named('action_required', 1)]
    for (const domain of [one, two]) {
      unwrap(await checkDomain(work, domain))
      for (const localPart of ['anis.fictif', 'badiane.fictive', 'carvi.fictif']) {
        const names = { ...person, givenName: localPart }
        unwrap(await createMailbox(work, { domain, localPart, ...names }))
      }
    }
    work.sandbox.answerNext(/^POST .*badiane/, { answer: { status: 500, body: 'Internal Server Error' } }, 2)
    const sender = createSender(work, {
      sentOut: () => {},
      broke: (error) => {
        throw error
      },
    })
    for (const name of [one, two]) {
      const domain = work.sandbox.world.domain(name)
      if (!domain) throw new Error(`${name} is not in the sandbox`)
      domain.zone.failure = null
      domain.zone.records = rightRecords(domain.wanted)
      domain.faults.clear()
      unwrap(await checkDomain(work, name))
    }
    sender.look([])
    await sender.idle()
    await sender.close()
    const left = (await work.desk.waiting.list(null)).map(({ id }) => id)
    expect(left.sort()).toEqual([`badiane.fictive@${one}`, `badiane.fictive@${two}`].sort())
  })
})
