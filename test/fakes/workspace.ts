import { onTestFinished } from 'vitest'
import type { Dimail, DimailOptions } from '../../main/dimail/client.ts'
import type { Workspace } from '../../main/jobs/workspace.ts'
import type { Letter } from '../../main/mail/letters.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../main/sandbox/server.ts'
import { failed } from '../../preload/failure.ts'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import { plainProfile } from '../../preload/profile-shapes.ts'
import type { Status } from '../../preload/shapes.ts'
import { clientOf } from './dimail-client.ts'
import { folder } from './folders.ts'
import { plantSecretsOf } from './planted.ts'
import { openCacheIn, openDeskIn } from './stores.ts'

export type OpenWorkspace = Workspace & {
  sandbox: Sandbox
  /** The names told to the window, one entry for each telling. */
  told: (readonly string[])[]
  /** The domains whose mailboxes or aliases the window was told of, and those whose rights it was. */
  toldMailboxes: (string | null)[]
  toldRights: (string | null)[]
  /** The changes of status that a check or a repair found. */
  turns: { name: string; before: Status | null; after: Status }[]
  /** What was given to the post; `mailFails` makes it say that it could not send. */
  letters: Letter[]
  mailFails: boolean
  /** The folder of both stores: what a secret must not be found in. */
  folder: string
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
  plantSecretsOf(sandbox)
  onTestFinished(() => sandbox.close())
  const credentials = () => ({ username: sandbox.username, password: sandbox.password })
  return workspaceOf(sandbox, clientOf(sandbox.url, { credentials, ...client }))
}

/** The same with stores in `path`: given again, they are those that an earlier workspace left. */
export function workspaceOf(sandbox: Sandbox, dimail: Dimail, path = folder()): OpenWorkspace {
  const told: (readonly string[])[] = []
  const plans = sandbox.world.names()
  let tick = 1_000_000
  const toldMailboxes: (string | null)[] = []
  const toldRights: (string | null)[] = []
  const letters: Letter[] = []
  const turns: OpenWorkspace['turns'] = []
  const workspace: OpenWorkspace = {
    profile: {
      id: 'p',
      name: 'Fictif',
      kind: 'dimail',
      colour: 'blue',
      address: sandbox.url,
      username: 'agent',
      ...plainProfile,
    },
    dimail,
    cache: openCacheIn(path),
    desk: openDeskIn(path),
    person: () => ({ id: 'agent-fictif', name: 'agent-fictif', email: null, support: true }),
    post: {
      async send(letter): Promise<MailOutcome> {
        letters.push(letter)
        if (letter.to === null) return { state: 'none', id: null, to: null, failure: null, draft: null }
        const { failure } = failed('offline', 'mail-refused', 'Nobody listens at the mail server.')
        const sent = { id: String(letters.length), to: letter.to, draft: null }
        return workspace.mailFails
          ? { state: 'failed', failure, ...sent }
          : { state: 'sent', failure: null, ...sent }
      },
    },
    webmail: () => sandbox.url,
    now: () => ++tick,
    repairing: new Map(),
    changed: (names) => void told.push(names),
    turned: (name, before, { status }) => void turns.push({ name, before, after: status }),
    turns,
    mailboxesChanged: (domain) => void toldMailboxes.push(domain),
    rightsChanged: (domain) => void toldRights.push(domain),
    mailChanged: () => {},
    mayActAlone: () => true,
    toldMailboxes,
    toldRights,
    letters,
    mailFails: false,
    folder: path,
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
  return workspace
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
