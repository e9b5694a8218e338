import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { csvHandlers } from '../../main/api/csv.ts'
import { quiet } from '../../main/jobs/alone.ts'
import { checkDomain } from '../../main/jobs/check.ts'
import { createQueue } from '../../main/jobs/queue.ts'
import type { MadePassword } from '../../main/mailboxes/waiting-passwords.ts'
import { sendAsRow } from '../../main/mailboxes/waiting-send.ts'
import { unwrap } from '../../preload/failure.ts'
import type { Locale } from '../../preload/shapes.ts'
import { folder } from '../fakes/folders.ts'
import { type OpenWorkspace, openWorkspace } from '../fakes/workspace.ts'

const page = { verdict: null, offset: 0, limit: 100 }

/** The calls about CSV over a real workspace, with the answers that the agent gives to the dialogs. */
async function openCsv(answers: (string | null)[] = [], locale: Locale = 'fr') {
  let clock = 1_000_000
  const workspace: OpenWorkspace = { ...(await openWorkspace()), now: () => clock }
  const suggested: string[] = []
  const other = async () => {
    throw new Error('no such job here')
  }
  const made: MadePassword[] = []
  const queue = createQueue(
    workspace.cache.jobs,
    {
      ...{ check: other, repair: other, 'enable-mailboxes': other },
      ...{ 'disable-mailboxes': other, provision: other, diagnose: other },
      'create-mailboxes': (address, _signal, settle) =>
        sendAsRow(workspace, address, settle, (one) => void made.push(one)),
    },
    workspace.now,
    () => {},
    (error) => {
      throw error
    },
  )
  const leaving = new AbortController()
  const looked: (readonly string[])[] = []
  const sender = { look: (names: readonly string[]) => void looked.push(names) }
  const profile = { ...workspace, closed: leaving.signal, sender }
  const calls = csvHandlers(() => profile, {
    chooseFile: async () => answers.shift() ?? null,
    chooseTarget: async (name) => {
      suggested.push(name)
      return answers.shift() ?? null
    },
    locale: () => locale,
    startJob: (_workspace, addresses) => queue.start('create-mailboxes', addresses),
    passwords: (_workspace, job) => (job === 1 ? made.splice(0) : []),
  })
  const pass = (ms: number) => {
    clock += ms
  }
  async function known(status: 'enabled' | 'action_required'): Promise<string> {
    const name = workspace.named(status)
    unwrap(await checkDomain(workspace, name))
    return name
  }
  async function planned(domain: string, text: string) {
    const plan = await calls['csv.preview']({ domain, text })
    if (!plan) throw new Error('No file was chosen')
    return plan
  }
  return {
    workspace,
    queue,
    calls,
    known,
    planned,
    suggested,
    pass,
    looked,
    leaving,
  }
}

const line = (name: string, rest = '') => `${name};${name};Fictif;${rest}\n`

test('faults 67: a preview sends and writes nothing', async () => {
  const { workspace, known, planned, calls } = await openCsv()
  const domain = await known('enabled')
  const before = workspace.sandbox.requests.length
  const plan = await planned(domain, line('ana') + line('bob', 'pas une adresse') + line('ana'))
  expect(plan).toMatchObject({ domain, file: null, total: 3, counts: { create: 1, keep: 0, refused: 2 } })
  const { rows, total } = await calls['csv.read']({ domain, plan: plan.id, ...page })
  expect([total, rows.map(({ line, failure }) => [line, failure?.reason])]).toEqual([
    3,
    [
      [1, undefined],
      [2, 'secondary-email'],
      [3, 'line-doubled'],
    ],
  ])
  const refused = await calls['csv.read']({ domain, plan: plan.id, ...page, verdict: 'refused', offset: 1 })
  expect(refused).toMatchObject({ total: 2, rows: [{ line: 3 }] })
  expect(workspace.sandbox.requests.length).toBe(before)
  expect(await workspace.desk.waiting.list(null)).toEqual([])
})

test('the lines of an enabled domain are written, then created, each on the wire once', async () => {
  const { workspace, known, planned, calls, queue } = await openCsv()
  const domain = await known('enabled')
  const plan = await planned(domain, line('ana.un') + line('bob.deux', 'bob@ailleurs.example') + line('à'))
  const job = await queue.ended((await calls['csv.run']({ domain, plan: plan.id })).id)
  expect(job).toMatchObject({ kind: 'create-mailboxes', state: 'done', total: 2, done: 2, failed: 0 })
  expect(workspace.asked(/^POST .*\/mailboxes\/(ana|bob)\.(un|deux)$/)).toHaveLength(2)
  const told = await calls['csv.passwords']({ domain, job: job.id })
  expect(told).toEqual([{ address: `ana.un@${domain}`, password: expect.stringMatching(/./) }])
  expect(await calls['csv.passwords']({ domain, job: job.id })).toEqual([])
  expect(workspace.letters.map(({ to }) => to).filter((to) => to !== null)).toEqual(['bob@ailleurs.example'])
  expect(await workspace.desk.waiting.list(domain)).toEqual([])
  expect(workspace.toldMailboxes).toContain(domain)
})

test('the lines of a domain that is not enabled wait, and nothing is sent', async () => {
  const { workspace, known, planned, calls, queue } = await openCsv()
  const domain = await known('action_required')
  const plan = await planned(domain, Array.from({ length: 1200 }, (_, i) => line(`boite.${i}`)).join(''))
  expect(plan.counts).toEqual({ create: 0, keep: 1200, refused: 0 })
  const job = await queue.ended((await calls['csv.run']({ domain, plan: plan.id })).id)
  expect(job).toMatchObject({ state: 'done', total: 0 })
  const waiting = await workspace.desk.waiting.list(domain)
  expect(waiting).toHaveLength(1200)
  expect(waiting.at(-1)).toMatchObject({
    ...{ id: `boite.1199@${domain}`, state: 'waiting', failure: null, by: 'agent-fictif' },
    ...{ displayName: 'boite.1199 Fictif', secondaryEmail: null },
  })
  expect(workspace.asked(/^POST .*mailboxes/)).toEqual([])
})

test('field D2: lines judged while their domain was not enabled go out when it is by the time they are written', async () => {
  const { known, planned, calls, looked } = await openCsv()
  const domain = await known('action_required')
  const plan = await planned(domain, line('ana'))
  await calls['csv.run']({ domain, plan: plan.id })
  expect(looked).toEqual([[domain]])
})

test('lines that are being written when the profile closes are all written, and sent by nobody', async () => {
  const { workspace, known, planned, calls, leaving } = await openCsv()
  const domain = await known('enabled')
  const plan = await planned(domain, Array.from({ length: 1200 }, (_, i) => line(`boite.${i}`)).join(''))
  const run = Promise.resolve(calls['csv.run']({ domain, plan: plan.id }))
  const refused = expect(run).rejects.toMatchObject({ failure: { code: 'cancelled', reason: 'asked' } })
  leaving.abort()
  await quiet(workspace.desk)
  const waiting = await workspace.desk.waiting.list(domain)
  expect(waiting).toHaveLength(1200)
  expect(waiting[0]).toMatchObject({ state: 'failed', failure: { reason: 'bulk-stopped' } })
  await refused
  expect(workspace.cache.jobs.list()).toEqual([])
  expect(workspace.asked(/^POST .*mailboxes/)).toEqual([])
})

test('lines are judged once those of an earlier plan are all written', async () => {
  const { known, planned, calls } = await openCsv()
  const domain = await known('action_required')
  const text = Array.from({ length: 1200 }, (_, i) => line(`boite.${i}`)).join('')
  const { id } = await planned(domain, text)
  const run = calls['csv.run']({ domain, plan: id })
  expect((await planned(domain, text)).counts).toEqual({ create: 0, keep: 0, refused: 1200 })
  await run
})

test('a file that is being read when the profile closes is read no further', async () => {
  const { known, planned, leaving } = await openCsv()
  const domain = await known('enabled')
  const reading = planned(domain, Array.from({ length: 5000 }, (_, i) => line(`boite.${i}`)).join(''))
  const refused = expect(reading).rejects.toMatchObject({ failure: { code: 'cancelled' } })
  leaving.abort()
  await refused
})

test('a line is judged by what is known here: who has the address, who has the name, and what waits', async () => {
  const { workspace, known, planned, calls, queue } = await openCsv()
  const domain = await known('action_required')
  const first = await planned(domain, line('ana'))
  await queue.ended((await calls['csv.run']({ domain, plan: first.id })).id)
  const plan = await planned(domain, `${line('ana')}bob;ANA;fictif\n`)
  const { rows } = await calls['csv.read']({ domain, plan: plan.id, ...page })
  expect(rows.map(({ failure }) => [failure?.reason, failure?.details.address])).toEqual([
    ['address-known', `ana@${domain}`],
    ['display-name', `ana@${domain}`],
  ])
  const refused = calls['csv.run']({ domain, plan: plan.id })
  await expect(refused).rejects.toMatchObject({ failure: { reason: 'plan-empty' } })
  expect(await workspace.desk.waiting.list(domain)).toHaveLength(1)
})

test('a plan is run once, within 30 minutes, and only while no other took its place', async () => {
  const { known, planned, calls, pass, workspace } = await openCsv()
  const domain = await known('action_required')
  const reasonOf = (plan: number) =>
    Promise.resolve()
      .then(() => calls['csv.run']({ domain, plan }))
      .then(
        () => null,
        (error: unknown) => Object(error).failure?.reason,
      )
  const used = await planned(domain, line('ana'))
  expect(await Promise.all([reasonOf(used.id), reasonOf(used.id)])).toEqual([null, 'plan-used'])
  const old = await planned(domain, line('bob'))
  pass(30 * 60_000 + 1)
  expect(await reasonOf(old.id)).toBe('plan-old')
  const replaced = await planned(domain, line('cleo'))
  await planned(domain, line('dan'))
  expect(await reasonOf(replaced.id)).toBe('plan')
  expect((await workspace.desk.waiting.list(domain)).map(({ id }) => id)).toEqual([`ana@${domain}`])
})

test('a plan whose lines could not be written can be run again', async () => {
  const { workspace, known, planned, calls } = await openCsv()
  const domain = await known('action_required')
  const { id } = await planned(domain, line('ana'))
  await workspace.desk.close()
  for (const _again of [1, 2])
    await expect(Promise.resolve(calls['csv.run']({ domain, plan: id }))).rejects.toThrow('not open')
})

test('only the plans of the last two domains are kept: each may be large', async () => {
  const { workspace, planned, calls } = await openCsv()
  const plans: { domain: string; plan: number }[] = []
  for (const place of [0, 1, 2]) {
    const domain = workspace.named('enabled', place)
    unwrap(await checkDomain(workspace, domain))
    plans.push({ domain, plan: (await planned(domain, line('ana'))).id })
  }
  const kept = await Promise.allSettled(plans.map(async (plan) => calls['csv.read']({ ...plan, ...page })))
  expect(kept.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
})

test('without text the agent chooses a file, or none', async () => {
  const path = join(folder(), 'agents de la ville.csv')
  writeFileSync(path, `\uFEFFIdentifiant;Prénom;Nom\r\n${line('ana')}`)
  const { known, calls } = await openCsv([path, null])
  const domain = await known('enabled')
  const plan = await calls['csv.preview']({ domain, text: null })
  expect(plan).toMatchObject({ file: 'agents de la ville.csv', total: 1, encoding: 'utf-8', delimiter: ';' })
  expect(await calls['csv.preview']({ domain, text: null })).toBeNull()
})

test('a second preview of a domain ends the first', async () => {
  const { known, planned } = await openCsv()
  const domain = await known('enabled')
  const text = Array.from({ length: 5000 }, (_, i) => line(`boite.${i}`)).join('')
  const first = planned(domain, text)
  // The first has begun: it is told so once it looks.
  const second = planned(domain, line('ana'))
  await expect(first).rejects.toMatchObject({ failure: { code: 'cancelled' } })
  expect(await second).toMatchObject({ total: 1 })
})

test('the file that the dialog proposes says its form, and nothing is written when none is chosen', async () => {
  const { known, calls, suggested } = await openCsv([null, null])
  const domain = await known('enabled')
  expect(await calls['csv.export']({ domain, what: 'mailboxes', exact: false })).toBeNull()
  expect(await calls['csv.export']({ domain, what: 'aliases', exact: true })).toBeNull()
  expect(suggested).toEqual([`${domain}-mailboxes.csv`, `${domain}-aliases-exact.csv`])
})
