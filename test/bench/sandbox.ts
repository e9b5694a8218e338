import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Listening, listeningLine } from '../../main/profiles/sandbox-control.ts'

/** A sandbox that runs; `key` is for its control routes. */
export type Running = Listening & { stop(): Promise<void> }

const entry = join(import.meta.dirname, '../../main/sandbox/index.ts')

/** The sandbox in a process of its own, as the program runs it: it must not share our event loop. */
export async function runSandbox(options: { domains: number; latencyMs: number }): Promise<Running> {
  const { domains, latencyMs } = options
  const args = [entry, '--domains', String(domains), '--latency', String(latencyMs), '--follow-parent']
  const key = randomBytes(32).toString('hex')
  const env = { ...process.env, SANDBOX_KEY: key }
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], env })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const { listening } = listeningLine.parse(JSON.parse(String(line)))
  return {
    ...listening,
    key,
    async stop() {
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
    },
  }
}
