import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { createBatch } from '../../main/batched.ts'
import { createDimail } from '../../main/dimail/client.ts'
import { checkDomain } from '../../main/jobs/check.ts'
import { createQueue, inFlight } from '../../main/jobs/queue.ts'
import type { Workspace } from '../../main/jobs/workspace.ts'
import { seededFleet } from '../../main/sandbox/fleet.ts'
import { openCache } from '../../main/store/cache.ts'
import { openDesk } from '../../main/store/desk.ts'
import { unwrap } from '../../preload/failure.ts'
import { plainProfile } from '../../preload/profile-shapes.ts'
import { noMailboxJobs, quiet } from '../fakes/quiet.ts'
import type { Benchmark } from './budgets.ts'
import { interleave } from './rounds.ts'
import { type Running, runSandbox } from './sandbox.ts'

/** As often as the program tells the window what changed (main/index.ts). */
const pushEveryMs = 80
const latencyMs = 20

/**
 * Checking a fleet with the program's queue, client and databases, each result stored in a new cache, against
 * the same requests over as many connections from a load generator that keeps nothing.
 */
export const checkRate: Benchmark = {
  budgets: { 'check-rate-ratio': { unit: 'x', limit: { atLeast: 0.85 } } },
  async run({ quick, say }) {
    const checks = quick ? 100 : 1000
    const plans = seededFleet({ domains: checks * 1.25 })
    // A check that dimail answers with 500 is asked again, which the bare side would not do.
    const checked = plans.filter((plan) => plan.expects !== 'pending')
    const names = checked.slice(0, checks).map((plan) => plan.name)
    const sandbox = await runSandbox({ domains: plans.length, latencyMs })
    try {
      // The first round of each warms the sandbox, which builds a domain when it is first asked for.
      await loadRate(sandbox, names)
      await programRate(sandbox, names)
      const rates = await interleave(
        quick ? 3 : 5,
        () => programRate(sandbox, names),
        () => loadRate(sandbox, names),
      )
      say(`${names.length} checks: ${rates.ours.toFixed(0)} a second; bare: ${rates.bare.toFixed(0)}`)
      return { 'check-rate-ratio': rates.ratio }
    } finally {
      await sandbox.stop()
    }
  },
}

/** Checks a second, from the first request to the job's end. */
async function programRate(sandbox: Running, names: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-check-'))
  const { cache } = unwrap(openCache(join(folder, 'cache.db'), Date.now))
  const { desk } = unwrap(openDesk(join(folder, 'desk.db'), Date.now))
  const { url, username, password } = sandbox
  const dimail = createDimail({ address: url, credentials: () => ({ username, password }) })
  // What is told to the window is copied, as the channel between the processes does.
  const pushed = createBatch<unknown>(pushEveryMs, (items) => void structuredClone(items))
  const workspace: Workspace = {
    profile: {
      id: 'bench',
      name: 'Bench',
      kind: 'sandbox',
      colour: 'blue',
      address: url,
      username,
      ...plainProfile,
    },
    dimail,
    cache,
    desk,
    now: Date.now,
    ...quiet,
    changed: pushed.add,
  }
  const queue = createQueue(
    cache.jobs,
    {
      check: (name, signal, settle) => checkDomain(workspace, name, signal, settle),
      repair: () => Promise.reject(new Error('Nothing is repaired here')),
      ...noMailboxJobs,
    },
    Date.now,
    (job, rows) => pushed.add({ job, rows }),
    (error) => process.stderr.write(`${String(error)}\n`),
  )
  try {
    const begun = performance.now()
    const job = await queue.ended(queue.start('check', names).id)
    const spent = performance.now() - begun
    if (job.done !== names.length) throw new Error(`${job.failed} checks of ${names.length} failed`)
    return (names.length * 1000) / spent
  } finally {
    await queue.close()
    pushed.flush()
    dimail.close()
    cache.close()
    await desk.close()
    rmSync(folder, { recursive: true })
  }
}

/** Requests a second of the same URLs, each once, over as many connections as the queue has rows in flight. */
async function loadRate({ url, username, password }: Running, names: readonly string[]): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const headers = { authorization, accept: 'application/json' }
  let clients = 0
  let last = 0
  let failures = 0
  const begun = performance.now()
  await new Promise<void>((resolve, reject) => {
    const load = autocannon(
      {
        url,
        connections: inFlight,
        pipelining: 1,
        amount: names.length,
        skipAggregateResult: true,
        setupClient(client) {
          const share = clients++
          const mine = names.filter((_, index) => index % inFlight === share)
          client.setRequests(mine.map((name) => ({ method: 'GET', path: `/domains/${name}/check`, headers })))
        },
      },
      (error) => (error ? reject(error) : resolve()),
    )
    load.on('response', (_client, status) => {
      if (status !== 200) failures++
      last = performance.now()
    })
    load.on('reqError', () => failures++)
  })
  if (failures > 0) throw new Error(`${failures} requests of the load generator failed`)
  return (names.length * 1000) / (last - begun)
}
