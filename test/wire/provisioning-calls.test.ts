import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { provisioningHandlers } from '../../main/api/provisioning.ts'
import { refreshFleet } from '../../main/jobs/fleet.ts'
import { createQueue } from '../../main/jobs/queue.ts'
import { createProvisionPlans } from '../../main/provisioning/plans.ts'
import { provisionAsRow } from '../../main/provisioning/run.ts'
import { contract } from '../../preload/contract.ts'
import { Expected, unwrap } from '../../preload/failure.ts'
import type { EndpointState } from '../../preload/provisioning-shapes.ts'
import { folder } from '../fakes/folders.ts'
import { noMailboxJobs } from '../fakes/quiet.ts'
import { openTown, provision } from './provisioning-open.ts'

const off: EndpointState = { state: 'off', why: 'no-key', address: null, calls: 0, refused: 0, lastAt: null }
const usual = { oidcAutojoin: true, identitySync: false }
const page = { verdict: null, offset: 0, limit: 500 }

/** The calls of a profile with a queue of its own; `chosen`: the file that the agent chooses. */
async function openConsole(chosen: () => string | null = () => null) {
  const town = Object.assign(await openTown(), { endpoint: { state: () => off } })
  const closing = new AbortController()
  const plans = createProvisionPlans(town.now)
  const broken: unknown[] = []
  const queue = createQueue(
    town.cache.jobs,
    {
      check: () => Promise.reject(new Error('No check here')),
      repair: () => Promise.reject(new Error('No repair here')),
      ...noMailboxJobs,
      provision: (name, signal, settle, job) => provisionAsRow(town, plans, name, signal, settle, job),
    },
    town.now,
    () => {},
    (error) => void broken.push(error),
  )
  onTestFinished(() => queue.close())
  const profile = Object.assign(town, { closed: closing.signal, provisionPlans: plans })
  const calls = provisioningHandlers(() => profile, {
    chooseFile: async () => chosen(),
    locale: () => 'fr',
    startJob: (_profile, names) => queue.start('provision', names),
  })
  const preview = async (text: string | null) => {
    const plan = await calls['provisioning.preview']({ text, ...usual })
    contract['provisioning.preview'].output.parse(plan)
    if (plan === null) throw new Error('No file was chosen')
    return plan
  }
  const lines = async (plan: number, more = {}) =>
    contract['provisioning.read'].output.parse(await calls['provisioning.read']({ plan, ...page, ...more }))
  const run = async (plan: number) => queue.ended((await calls['provisioning.run']({ plan })).id)
  const rows = (job: number) => town.cache.jobs.rows(job, 0, 500)
  return { town, calls, queue, closing, broken, preview, lines, run, rows }
}

async function reasonOf(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'done'
  } catch (error) {
    return error instanceof Expected ? `${error.failure.code}/${error.failure.reason}` : String(error)
  }
}

test('a dry run sends and writes nothing; then each line is done, with a result of its own', async () => {
  const { town, preview, lines, run, rows, broken } = await openConsole()
  unwrap(await refreshFleet(town, false))
  const there = town.named('enabled')
  unwrap(await provision(town, 'connu.example', { attributes: { siret: 'old', x: 1 } }))
  const before = [town.sandbox.requests.length, await town.desk.journal({ subject: null, limit: 100 })]
  const plan = await preview(
    `domaine;siret\nneuf.example;1\nconnu.example;2\n${there};\nPAS UN NOM;3\nneuf.example;1`,
  )
  expect(plan).toMatchObject({
    counts: { created: 1, replaced: 1, unchanged: 1, error: 2 },
    columns: ['siret'],
    file: null,
  })
  expect((await lines(plan.id)).rows.map(({ line, verdict, error }) => [line, error ?? verdict])).toEqual([
    [2, 'created'],
    [3, 'replaced'],
    [4, 'unchanged'],
    [5, 'invalid_name'],
    [6, 'duplicate'],
  ])
  expect(await lines(plan.id, { verdict: 'replaced' })).toMatchObject({
    total: 1,
    rows: [{ domain: 'connu.example', before: { siret: 'old', x: 1 }, after: { siret: '2' } }],
  })
  expect([town.sandbox.requests.length, await town.desk.journal({ subject: null, limit: 100 })]).toEqual(
    before,
  )

  town.sandbox.answerNext(/^GET \/domains\/neuf.example\/check/, { cut: 'before' }, 9)
  const job = await run(plan.id)
  expect(job).toMatchObject({ kind: 'provision', state: 'done', total: 2, done: 2, failed: 0 })
  expect(rows(job.id).map(({ name, state, status }) => [name, state, status])).toEqual([
    ['neuf.example', 'done', 'failed'],
    ['connu.example', 'done', town.cache.read('connu.example')?.row.status],
  ])
  expect(await town.desk.provisioned.get('neuf.example')).toMatchObject({ attributes: { siret: '1' } })
  expect(await town.desk.provisioned.get('connu.example')).toMatchObject({ attributes: { siret: '2' } })
  const [row] = await town.desk.journal({ subject: 'neuf.example', action: 'domain.provision', limit: 1 })
  expect(row).toMatchObject({ actor: 'agent-fictif', state: 'done' })
  expect(broken).toEqual([])
})

test('a line that fails stops no other, and says why; so does one that has changed since it was shown', async () => {
  const { town, preview, run, rows } = await openConsole()
  unwrap(await provision(town, 'connu.example', { attributes: { siret: '1' } }))
  const plan = await preview('domaine;siret\nrefuse.example;1\nconnu.example;2\nneuf.example;3')
  unwrap(await provision(town, 'connu.example', { attributes: { siret: '9' } }))
  town.sandbox.answerNext(/^POST \/domains\//, { answer: { status: 422, body: '{"detail":"no"}' } })
  const job = await run(plan.id)
  expect(job).toMatchObject({ state: 'done', done: 1, failed: 2 })
  expect(rows(job.id).map(({ state, failure }) => [state, failure?.reason])).toEqual(
    expect.arrayContaining([
      ['failed', 'invalid'],
      ['failed', 'provisioned-changed'],
      ['done', undefined],
    ]),
  )
  expect(await town.desk.provisioned.get('connu.example')).toMatchObject({ attributes: { siret: '9' } })
})

test('cancelled, the lines that were not begun are left as they were', async () => {
  const { town, preview, calls, queue, rows } = await openConsole()
  town.sandbox.behaviour.latencyMs = 30
  const names = Array.from({ length: 30 }, (_, n) => `d${n}.example`)
  const plan = await preview(names.join('\n'))
  const started = await calls['provisioning.run']({ plan: plan.id })
  queue.cancel(started.id)
  const job = await queue.ended(started.id)
  expect(job.state).toBe('cancelled')
  const left = rows(started.id).filter(({ state }) => state === 'not-done')
  expect(left.length).toBeGreaterThanOrEqual(24)
  for (const { name } of left) expect(await town.desk.provisioned.get(name)).toBeNull()
})

test('a plan runs once, alone, while it is fresh and has something to do', async () => {
  const { town, calls, preview, run, queue } = await openConsole()
  const refusal = (plan: number) => reasonOf(() => calls['provisioning.run']({ plan }))
  expect(await refusal(7)).toBe('not-found/plan')
  const wrong = await preview('PAS UN NOM!\npas-un-nom')
  expect(await refusal(wrong.id)).toBe('not-possible/plan-empty')
  const first = await preview('a.example')
  expect(await refusal(wrong.id)).toBe('not-found/plan')
  town.sandbox.behaviour.latencyMs = 50
  const job = await calls['provisioning.run']({ plan: first.id })
  expect(await refusal(first.id)).toBe('not-possible/plan-used')
  const second = await preview('b.example')
  expect(await refusal(second.id)).toBe('not-possible/provision-running')
  await queue.ended(job.id)
  expect((await run(second.id)).done).toBe(1)
  const old = await preview('c.example')
  const { now } = town
  town.now = () => now() + 31 * 60_000
  expect(await refusal(old.id)).toBe('not-possible/plan-old')
})

test('a row without its plan fails, and writes nothing', async () => {
  const { queue, town, rows } = await openConsole()
  const { id } = await queue.ended(queue.start('provision', ['a.example']).id)
  expect(rows(id)[0]).toMatchObject({ state: 'failed', failure: { code: 'not-found', reason: 'plan' } })
  expect(town.sandbox.requests).toEqual([])
})

test('a file is read when the agent chooses one, and none when not', async () => {
  const path = join(folder(), 'communes.json')
  writeFileSync(
    path,
    '{"domains": "a.example,b.example", "custom_attributes": {"siret": "1"}, "oidc_autojoin": false}',
  )
  let chosen: string | null = null
  const { calls, preview, run, town } = await openConsole(() => chosen)
  expect(await calls['provisioning.preview']({ text: null, ...usual })).toBeNull()
  chosen = path
  const plan = await preview(null)
  expect(plan).toMatchObject({ file: 'communes.json', counts: { created: 2 }, columns: ['siret'] })
  await run(plan.id)
  expect(await town.desk.provisioned.get('b.example')).toMatchObject({
    oidcAutojoin: false,
    attributes: { siret: '1' },
  })
})

test('only the last text that was given has a plan, and none outlives its profile', async () => {
  const { calls, closing, preview } = await openConsole()
  const many = `domaine;a\n${Array.from({ length: 9000 }, (_, n) => `d${n}.example;1`).join('\n')}`
  const first = reasonOf(() => calls['provisioning.preview']({ text: many, ...usual }))
  const second = await preview('a.example')
  expect(await first).toBe('cancelled/asked')
  expect(calls['provisioning.read']({ plan: second.id, ...page })).toMatchObject({ total: 1 })
  const third = reasonOf(() => calls['provisioning.preview']({ text: many, ...usual }))
  closing.abort()
  expect(await third).toBe('cancelled/asked')
})

test('a schema that nobody understands is told before anything is read', async () => {
  const { town, calls } = await openConsole()
  town.profile = { ...town.profile, attributesSchema: '{"$ref":"#"}' }
  expect(await reasonOf(() => calls['provisioning.preview']({ text: 'a.example', ...usual }))).toBe(
    'invalid/attributes-schema',
  )
})

test('the state of the endpoint is told', async () => {
  const { calls } = await openConsole()
  expect(
    contract['provisioning.endpoint'].output.parse(await calls['provisioning.endpoint'](undefined)),
  ).toEqual(off)
})
