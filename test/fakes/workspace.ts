import { onTestFinished } from 'vitest'
import type { Dimail, DimailOptions } from '../../main/dimail/client.ts'
import type { Workspace } from '../../main/jobs/workspace.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../main/sandbox/server.ts'
import type { Status } from '../../preload/shapes.ts'
import { clientOf } from './dimail-client.ts'
import { folder } from './folders.ts'
import { openCacheIn, openDeskIn } from './stores.ts'

export type OpenWorkspace = Workspace & {
  sandbox: Sandbox
  /** The names told to the window, one entry for each telling. */
  told: (readonly string[])[]
  /** A domain of the fleet that one check finds in this status. */
  named(status: Status, place?: number): string
  /** The requests of the sandbox whose line `METHOD /path` matches. */
  asked(line: RegExp): string[]
}

/** Both stores in a folder of their own, and a client of a sandbox of their own. */
export async function openWorkspace(
  options: SandboxOptions = {},
  client: Partial<DimailOptions> = {},
): Promise<OpenWorkspace> {
  const sandbox = await startSandbox(options)
  onTestFinished(() => sandbox.close())
  const credentials = () => ({ username: sandbox.username, password: sandbox.password })
  return workspaceOf(sandbox, clientOf(sandbox.url, { credentials, ...client }))
}

export function workspaceOf(sandbox: Sandbox, dimail: Dimail): OpenWorkspace {
  const path = folder()
  const told: (readonly string[])[] = []
  const plans = sandbox.world.names()
  let tick = 1_000_000
  return {
    profile: {
      id: 'p',
      name: 'Fictif',
      kind: 'dimail',
      colour: 'blue',
      address: sandbox.url,
      username: 'agent',
    },
    dimail,
    cache: openCacheIn(path),
    desk: openDeskIn(path),
    actor: 'agent-fictif',
    now: () => ++tick,
    repairing: new Map(),
    changed: (names) => void told.push(names),
    sandbox,
    told,
    named(status, place = 0) {
      const name = plans.filter((each) => expected(sandbox, each) === status)[place]
      if (name === undefined) throw new Error(`The fleet has no domain ${status} at ${place}`)
      return name
    },
    asked: (line) =>
      sandbox.requests.map(({ method, path: at }) => `${method} ${at}`).filter((one) => line.test(one)),
  }
}

/** From what the simulated world holds, not from what the console makes of it. */
function expected(sandbox: Sandbox, name: string): Status {
  const domain = sandbox.world.domain(name)
  if (!domain) return 'pending'
  if (!domain.active) return 'disabled'
  if (domain.stored === null) return 'pending'
  const failing = [...domain.stored.values()].filter((check) => check.errors.length > 0)
  if (failing.length === 0) return 'enabled'
  return failing.some((check) => !check.internal) ? 'action_required' : 'failed'
}
