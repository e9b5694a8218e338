import { z } from 'zod'
import { failed, ok, type Result } from '../../preload/failure.ts'

/** The sandbox's process, as the shell runs it: forked with the program, ended with it. */
export type SandboxProcess = {
  start(options: { port: number; dialect: string; latencyMs: number }): Promise<Result<Listening>>
  stop(): Promise<void>
  onEnd(listener: () => void): void
}
export type Listening = { url: string; username: string; password: string; key: string }

/** The line that the sandbox prints when it listens. */
export const listeningLine = z.object({
  listening: z.object({ url: z.url(), username: z.string(), password: z.string() }),
})

/** Orders for the sandbox's own control routes, on loopback and with the key made for this run. */
export async function orderSandbox(
  sandbox: Listening,
  order: string,
  body: unknown = {},
): Promise<Result<void>> {
  try {
    const response = await fetch(new URL(`/_sandbox/${order}`, sandbox.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    })
    await response.body?.cancel()
    if (response.ok) return ok(undefined)
    return failed('server-error', 'sandbox', `The sandbox refused "${order}".`, { status: response.status })
  } catch {
    return failed('offline', 'sandbox', 'The sandbox does not answer.')
  }
}
