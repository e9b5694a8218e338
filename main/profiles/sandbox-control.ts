import { z } from 'zod'
import { sandboxZone } from '../../preload/dns-shapes.ts'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { received } from '../../preload/people-shapes.ts'
import { deployCenterModes, sandboxAgent } from '../../preload/session-shapes.ts'

/** The sandbox's process, as the shell runs it: forked with the program, ended with it. */
export type SandboxProcess = {
  start(options: { port: number; dialect: string; latencyMs: number }): Promise<Result<Listening>>
  stop(): Promise<void>
  onEnd(listener: () => void): void
}
const port = z.int().min(1).max(65_535)
const smtp = z.object({
  host: z.string(),
  port,
  username: z.string(),
  password: z.string(),
})
/** The sandbox's mail server: on loopback, with credentials made for this run. */
export type SandboxSmtp = z.infer<typeof smtp>

/** Its OpenID provider and the public client of it, and its DeployCenter with the key made for this run. */
const openid = z.object({ issuer: z.url(), clientId: z.string() })
const deployCenter = z.object({ address: z.url(), serviceId: z.string(), key: z.string() })

/** Its DNS: the root's servers, and on which port of 127.0.0.1 each of its fictional addresses is. */
const dns = z.object({
  roots: z.array(z.object({ name: z.string(), address: z.string() })),
  ports: z.record(z.string(), port),
})
export type SandboxDns = z.infer<typeof dns>

/** The line that the sandbox prints when it listens; `configuration`: the address of the flags. */
export const listeningLine = z.object({
  listening: z.object({
    ...{ url: z.url(), username: z.string(), password: z.string(), smtp, dns },
    ...{ openid, deployCenter, configuration: z.url() },
  }),
})
/** What that line says; `key` opens the control routes, and is known before. */
export type Listening = z.infer<typeof listeningLine>['listening'] & { key: string }

/** Who can sign in, and what DeployCenter says of them: the answer of `agents` and `entitle`. */
export const agentsAnswer = z.object({ agents: z.array(sandboxAgent) })
/** Of the answer of `state` and of every order that answers it: how DeployCenter behaves. */
export const deployCenterAnswer = z.object({ deployCenter: z.enum(deployCenterModes) })

/** What the sandbox publishes of a domain, or why it does not publish what was wanted. */
export const zoneAnswer = z.union([
  sandboxZone,
  z.object({
    refused: z.object({
      reason: z.enum(['record-type', 'record-name', 'record-value', 'name-server']),
      place: z.int().nullable(),
      name: z.string(),
    }),
  }),
])

/** What the sandbox's mail server received, latest first, as its control route tells it. */
export const outboxAnswer = z.object({ messages: z.array(received) })

/** Orders for the sandbox's own control routes, on loopback and with the key made for this run. */
export async function orderSandbox(
  sandbox: Listening,
  order: string,
  body: unknown = {},
): Promise<Result<void>> {
  const told = await askSandbox(sandbox, order, z.unknown(), body)
  return told.ok ? ok(undefined) : told
}

/**
 * The same, and what the sandbox answers. `body: null` reads: nothing is sent. Fails with `offline/sandbox` and
 * `server-error/sandbox` (details: status), the second also for an answer in another shape.
 */
export async function askSandbox<T>(
  sandbox: Listening,
  order: string,
  shape: z.ZodType<T>,
  body: unknown,
): Promise<Result<T>> {
  let status: number
  let answer: unknown
  try {
    const response = await fetch(new URL(`/_sandbox/${order}`, sandbox.url), {
      method: body === null ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${sandbox.key}`, 'content-type': 'application/json' },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    })
    status = response.status
    answer = await response.json()
  } catch {
    return failed('offline', 'sandbox', 'The sandbox does not answer.')
  }
  const read = shape.safeParse(answer)
  if (status === 200 && read.success) return ok(read.data)
  return failed('server-error', 'sandbox', `The sandbox refused "${order}".`, { status })
}
