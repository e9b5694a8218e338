import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type AppDeps, appState } from '../../main/api/app.ts'
import { allHandlers } from '../../main/api/handlers.ts'
import { type Handlers, serve } from '../../main/ipc.ts'
import type { Log } from '../../main/log.ts'
import { createNotices, settledNotice } from '../../main/profiles/notices.ts'
import { createProfiles, type Vault } from '../../main/profiles/profiles.ts'
import { openRegistry } from '../../main/profiles/registry.ts'
import { createSandbox } from '../../main/profiles/sandbox.ts'
import type { SandboxProcess } from '../../main/profiles/sandbox-control.ts'
import { dialects } from '../../main/sandbox/dialects.ts'
import { type Sandbox, startSandbox } from '../../main/sandbox/server.ts'
import type { Call } from '../../preload/channels.ts'
import { failed, ok } from '../../preload/failure.ts'
import { clickThrough } from './click-through.ts'
import { folder } from './folders.ts'
import { plantSecretsOf, plantVaulted } from './planted.ts'

/** Of the sandbox's accounts, the one that works on every domain. */
export const supportAgent = 'support'

/** The sandbox's process, played by a sandbox in this one. */
export function sandboxHere(): SandboxProcess & { running(): Sandbox | null } {
  let running: Sandbox | null = null
  let starting: Promise<Sandbox> | null = null
  return {
    running: () => running,
    async start({ port, dialect, latencyMs }) {
      const refused = failed('not-possible', 'sandbox-start', 'The sandbox could not start.')
      const spoken = dialects.find((one) => one === dialect)
      if (spoken === undefined) return refused
      const mine = startSandbox({ port, dialect: spoken, latencyMs })
      starting = mine
      const sandbox = await mine
      // Like a process killed before its first word.
      if (starting !== mine) return refused
      running = sandbox
      plantSecretsOf(sandbox)
      const { url, username, password, mail, dns, key, openid, deployCenter, configuration } = sandbox
      const { smtp } = mail
      return ok({ url, username, password, smtp, dns, key, openid, deployCenter, configuration })
    },
    async stop() {
      const ending = starting
      starting = null
      running = null
      await (await ending)?.close()
    },
    onEnd: () => {},
  }
}

export function memoryVault(): Vault {
  const secrets = new Map<string, string>()
  return {
    state: 'none',
    lasting: false,
    read: (name) => secrets.get(name) ?? null,
    write(name, secret) {
      plantVaulted(name, secret)
      if (secret === null) secrets.delete(name)
      else secrets.set(name, secret)
    },
  }
}

export type Sender = { frame: { url: string; parent: unknown } | null; page: number }
export const ourPage: Sender = { frame: { url: 'app://bundle/index.html', parent: null }, page: 1 }

/** Both ends of the bridge in one process: what crosses is cloned as Electron clones it, both ways. */
export function loopback(
  handlers: Handlers,
  isOurPage: (sender: Sender) => boolean,
  log: Pick<Log, 'error' | 'warn'>,
  permit: Parameters<typeof serve<Sender>>[0]['permit'] = async () => ok(undefined),
) {
  const answers = new Map<string, (event: Sender, raw: unknown) => Promise<unknown>>()
  serve<Sender>({
    ipc: { handle: (call, answer) => void answers.set(call, answer) },
    handlers,
    isOurPage,
    permit,
    log,
  })
  return async (call: Call, raw?: unknown, sender: Sender = ourPage): Promise<unknown> => {
    const answer = answers.get(call)
    if (!answer) throw new Error(`Nobody serves ${call}`)
    return structuredClone(await answer(sender, structuredClone(raw)))
  }
}

export type LogLine = { level: string; event: string; error?: unknown; facts?: unknown }

/** The console's main process without its shell: the real handlers, stores, profiles and client. */
export function openConsole(
  more: Partial<Pick<Parameters<typeof createProfiles>[0], 'given' | 'unattended'>> = {},
) {
  const path = folder()
  const lines: LogLine[] = []
  const log: Log = {
    info: (event, facts) => void lines.push({ level: 'info', event, facts }),
    warn: (event, facts) => void lines.push({ level: 'warn', event, facts }),
    error: (event, error, facts) => void lines.push({ level: 'error', event, error, facts }),
  }
  const pushes: { push: string; value: unknown }[] = []
  const push = (name: string) => (value: unknown) =>
    void pushes.push({ push: name, value: structuredClone(value) })
  const registry = openRegistry(join(path, 'console.json'), 'fr-FR', Date.now)
  const vault = memoryVault()
  const process = sandboxHere()
  const notices = createNotices(Date.now, () => push('app.changed')(appState(deps)))
  const sandbox = createSandbox({ process, registry, changed: push('sandbox.changed') })
  const profiles = createProfiles({
    folder: path,
    registry,
    vault,
    sandbox,
    log,
    given: more.given ?? null,
    unattended: more.unattended ?? false,
    changed: () => push('app.changed')(appState(deps)),
    left: notices.leaveProfile,
    open: {
      now: Date.now,
      isNetworkUp: () => true,
      notice: notices.add,
      noticeFailure: notices.addFailure,
      changed: (names) => push('domains.changed')({ names }),
      progress: (job, rows) => push('job.progress')({ job, rows }),
      connectivityChanged: push('connectivity.changed'),
      sessionChanged: push('session.changed'),
      mailboxesChanged: (domain) => push('mailboxes.changed')({ domain }),
      rightsChanged: (domain) => push('rights.changed')({ domain }),
      mailChanged: () => push('mail.changed')({}),
      provisioningChanged: push('provisioning.changed'),
      dnsChanged: (domain) => push('dns.changed')({ domain }),
      dnsSettled(watch, silent) {
        const { reason, details } = settledNotice(watch.domain, silent)
        notices.add(reason, details)
      },
      openPage: async (url) => {
        pages.push(url)
        const isSignIn = new URL(url).searchParams.has('code_challenge')
        if (isSignIn && atBrowser.agent !== null) clicks.push(clickThrough(url, atBrowser.agent))
        return true
      },
      locale: () => 'fr',
      skewed: () => {},
    },
  })
  /** Whom the agent clicks on in the provider's page; null: nobody does. */
  const atBrowser: { agent: string | null } = { agent: supportAgent }
  const pages: string[] = []
  const clicks: Promise<string>[] = []
  onTestFinished(async () => void (await Promise.allSettled(clicks)))
  const copied: string[] = []
  const opened: string[] = []
  const letters: string[] = []
  const deps: AppDeps = {
    profiles,
    registry,
    notices,
    sandbox,
    facts: { version: '0.0.0', standIn: true },
    keyring: () => 'none',
    configured: () => {},
    painted: () => {},
    openLink: async (url) => url.startsWith('https://github.com/') && opened.push(url) > 0,
    openLetter: async (to) => letters.push(to ?? '') > 0,
    print: async (html) => Buffer.from(`%PDF-of ${html}`),
    copy: async (text) => void copied.push(text),
  }
  onTestFinished(() => profiles.end())
  const chosen: { file: string | null; target: string | null } = { file: null, target: null }
  const handlers = allHandlers(deps, {
    chooseFile: async () => chosen.file,
    chooseTarget: async () => chosen.target,
    chooseProfile: async () => chosen.file,
    chooseProfileTarget: async () => chosen.target,
    chooseForm: async () => chosen.target,
  })
  return {
    path,
    deps,
    profiles,
    registry,
    vault,
    process,
    notices,
    handlers,
    log,
    lines,
    pushes,
    copied,
    opened,
    letters,
    /** What the agent answers to the system's dialogs. */
    chosen,
    atBrowser,
    /** The pages of the provider that were opened. */
    pages,
    /** Opens the sandbox, and signs in as an agent of it: by default of the support desk. */
    async openSandbox(agent = supportAgent) {
      await profiles.open('sandbox')
      await profiles.awake()
      atBrowser.agent = agent
      await handlers['session.signIn'](undefined)
    },
  }
}
export type Console = ReturnType<typeof openConsole>
