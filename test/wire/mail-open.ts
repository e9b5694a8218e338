import { onTestFinished } from 'vitest'
import { openLog } from '../../main/log.ts'
import type { Letter } from '../../main/mail/letters.ts'
import { type MailDeps, openMail } from '../../main/mail/open-mail.ts'
import { type SandboxOptions, startSandbox } from '../../main/sandbox/server.ts'
import { type Profile, plainProfile } from '../../preload/profile-shapes.ts'
import { memoryVault } from '../fakes/console.ts'
import { folder } from '../fakes/folders.ts'
import { openDeskIn } from '../fakes/stores.ts'

export const town = 'belmont-la-roche.example'
export const box = `camille.radis@${town}`
export const reader = 'camille@maison.example'
/** What no store and no log may hold. */
export const secrets = { password: 'Canari-Radis-42', code: 'canari-code-Xy_9' }
/** 21 November 2026, 10:30 in Paris. */
export const expiresAt = Date.UTC(2026, 10, 21, 9, 30)
export const link = `https://webmail.example/code/${secrets.code}`

const about = { domain: town, about: box, to: reader }
/** One letter of every kind. */
export const letters: Record<string, Letter> = {
  welcome: { ...about, kind: 'welcome', facts: { link, expiresAt, maxUse: 3 } },
  'welcome with a password': { ...about, kind: 'welcome', facts: { password: secrets.password } },
  'password-reset': { ...about, kind: 'password-reset', facts: { password: secrets.password } },
  'login-link': { ...about, kind: 'login-link', facts: { link, expiresAt, maxUse: 1 } },
  invitation: {
    ...{ domain: town, about: reader, to: reader, kind: 'invitation' },
    facts: { role: 'administrator', by: 'sacha@mairie.example', expiresAt },
  },
  status: {
    ...{ domain: town, about: town, to: reader, kind: 'status' },
    facts: { status: 'action_required', failing: ['mx', 'spf', 'controle_futur'] },
  },
  test: { domain: '', about: 'Fictif', to: reader, kind: 'test', facts: {} },
}
export function letterOf(name: string): Letter {
  const letter = letters[name]
  if (letter === undefined) throw new Error(`No letter ${name}`)
  return letter
}

const profile: Profile = {
  ...plainProfile,
  ...{ id: 'p', name: 'Fictif', kind: 'dimail', colour: 'blue' },
  ...{ address: 'https://dimail.example', username: 'agent' },
}

/** The mail of a profile with stores and a log of its own, and the mail server of a sandbox of its own. */
export async function openMailHere(more: Partial<MailDeps> = {}, options: SandboxOptions = {}) {
  const sandbox = await startSandbox({ domains: 1, ...options })
  onTestFinished(() => sandbox.close())
  const path = folder()
  const desk = openDeskIn(path)
  const vault = memoryVault()
  let told = 0
  const deps: MailDeps = {
    profile,
    desk,
    vault,
    sandbox: { smtp: () => sandbox.mail.smtp, webmail: () => sandbox.url },
    now: () => 1_000_000,
    changed: () => {
      told += 1
    },
    log: openLog(path),
    ...more,
  }
  const mail = await openMail(deps)
  onTestFinished(() => mail.close())
  const { host, port, username, password } = sandbox.mail.smtp
  const smtp = { host, port, username, security: 'none' as const, from: `Mairie <console@${town}>` }
  const base = { smtp, webmail: null, locale: 'fr' as const }
  /** Points the profile to the sandbox's mail server, or to what `change` makes of it. */
  const configure = (
    change: Partial<typeof smtp> | Record<string, unknown> = {},
    secret: string | null = password,
  ) => mail.configure({ ...base, smtp: { ...smtp, ...change }, password: secret })
  return { mail, sandbox, desk, vault, deps, path, smtp, base, configure, told: () => told }
}
