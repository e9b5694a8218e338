import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { orderSandbox } from '../../main/profiles/sandbox-control.ts'
import { domainName } from '../../main/sandbox/names.ts'
import { unwrap } from '../../preload/failure.ts'
import type { Benchmark } from './budgets.ts'
import { runSandbox } from './sandbox.ts'

const program = join(import.meta.dirname, 'import-measure.ts')

const cost = z.object({
  mailboxes: z.number(),
  ms: z.number(),
  rss: z.number(),
  held: z.number(),
  p99: z.number(),
  worst: z.number(),
})

/**
 * Comparing a domain of 50,000 mailboxes that was never read, then importing as many that are unknown here, in a
 * process that does nothing else: how far its memory grows, and how long others wait for a turn of its event loop.
 */
export const importing: Benchmark = {
  budgets: {
    'import-memory-mb': { unit: 'MB', limit: { atMost: 150 } },
    'import-loop-delay-p99-ms': { unit: 'ms', limit: { atMost: 16 } },
    'import-loop-delay-max-ms': { unit: 'ms', limit: null },
  },
  async run({ quick, say }) {
    const count = quick ? 2_000 : 50_000
    const domain = domainName(0)
    const sandbox = await runSandbox({ domains: 1, latencyMs: 0 })
    try {
      unwrap(await orderSandbox(sandbox, 'mailboxes', { domain, count }))
      const { url, username, password } = sandbox
      const given = ['--expose-gc', program, url, username, password, domain]
      const { stdout } = await promisify(execFile)(process.execPath, given)
      const costs = z.object({ first: cost, again: cost }).parse(JSON.parse(stdout))
      for (const [what, { mailboxes, ms, rss, held, p99, worst }] of Object.entries(costs)) {
        if (mailboxes !== count) throw new Error(`${mailboxes} mailboxes of ${count} were imported`)
        const memory = `+${rss.toFixed(0)} MB, +${held.toFixed(0)} MB on the heap`
        const delay = `loop delay p99 ${p99.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`
        say(`${what}: ${mailboxes} mailboxes in ${(ms / 1000).toFixed(1)} s, ${memory}, ${delay}`)
      }
      const all = Object.values(costs)
      return {
        'import-memory-mb': Math.max(...all.map(({ rss }) => rss)),
        'import-loop-delay-p99-ms': Math.max(...all.map(({ p99 }) => p99)),
        'import-loop-delay-max-ms': Math.max(...all.map(({ worst }) => worst)),
      }
    } finally {
      await sandbox.stop()
    }
  },
}
