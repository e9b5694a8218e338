import { Expected, failed } from '../../preload/failure.ts'
import type { Profile } from '../../preload/profile-shapes.ts'
import type { AppState, Keyring, Notice } from '../../preload/shapes.ts'
import type { Handlers } from '../ipc.ts'
import type { Notices } from '../profiles/notices.ts'
import type { Profiles } from '../profiles/profiles.ts'
import type { Registry } from '../profiles/registry.ts'
import type { Sandbox } from '../profiles/sandbox.ts'

type Calls = Extract<
  keyof Handlers,
  | `app.${string}`
  | `connectivity.${string}`
  | `sandbox.${string}`
  | `links.${string}`
  | `clipboard.${string}`
  | 'mail.compose'
>

export type AppDeps = {
  profiles: Profiles
  registry: Registry
  notices: Notices
  sandbox: Sandbox
  facts: { version: string; standIn: boolean }
  /** What the vault stands on now: it may lose its keyring while the program runs. */
  keyring: () => Keyring
  /** The shell follows the agent's language and appearance. */
  configured: (settings: Pick<AppState, 'locale' | 'colorScheme'>) => void
  painted: (view: string, rows: number) => void
  openLink: (url: string) => Promise<boolean>
  openLetter: (to: string | null, subject: string, text: string) => Promise<boolean>
  /** A page as a PDF. */
  print: (html: string) => Promise<Uint8Array>
  copy: (text: string, secret: boolean) => Promise<void>
}

/** Everything the page needs to know before it shows a view. */
export function appState({ profiles, registry, notices, facts, keyring }: AppDeps): AppState {
  const { locale, colorScheme } = registry.read()
  const open = profiles.current()
  const mayKnow = open === null || open.session.person().support
  return {
    ...facts,
    locale,
    colorScheme,
    profile: open ? asCalledNow(open.profile, profiles.list()) : null,
    profiles: profiles.list(),
    keyring: keyring(),
    notices: notices.list().filter((notice) => mayKnow || !namesSome(notice)),
  }
}

/** A profile that is open may be given another name and colour meanwhile. */
function asCalledNow(open: Profile, all: readonly Profile[]): Profile {
  const kept = all.find(({ id }) => id === open.id)
  return kept ? { ...open, name: kept.name, colour: kept.colour } : open
}

/** What names or counts domains, mailboxes or rows of the desk is for who may read all of them (docs/rights.md). */
const namesSome = ({ details }: Notice): boolean =>
  ['domains', 'addresses', 'rows', 'known'].some((detail) => detail in details)

export function appHandlers(deps: AppDeps): Pick<Handlers, Calls> {
  const { profiles, registry, notices, sandbox, openLink, openLetter, copy } = deps
  const state = () => appState(deps)
  return {
    'app.read': state,
    'app.configure': ({ locale, colorScheme }) => {
      registry.write({ ...(locale ? { locale } : {}), ...(colorScheme ? { colorScheme } : {}) })
      deps.configured(registry.read())
      return state()
    },
    'app.painted': ({ view, rows }) => deps.painted(view, rows),
    'app.dismiss': ({ id }) => {
      notices.dismiss(id)
      return state()
    },
    'connectivity.read': () => profiles.opened().watch.read(),
    'connectivity.retry': () => profiles.opened().watch.probe(),
    'sandbox.read': () => sandbox.read(),
    'sandbox.start': async () => {
      const started = await sandbox.start()
      await profiles.current()?.watch.probe()
      return started
    },
    'sandbox.stop': async () => {
      const stopped = await sandbox.stop()
      await profiles.current()?.watch.probe()
      return stopped
    },
    'sandbox.reset': () => sandbox.order('reset'),
    'sandbox.populate': () => sandbox.order('populate', { domains: profiles.opened().cache.latest() }),
    'sandbox.heal': ({ domain }) => sandbox.heal(domain),
    'sandbox.zone': ({ domain }) => sandbox.zone(domain),
    'sandbox.publish': (wanted) => sandbox.publish(wanted),
    'sandbox.configure': (change) => sandbox.configure(change),
    'sandbox.agents': () => sandbox.agents(),
    'sandbox.entitle': (change) => sandbox.entitle(change),
    'sandbox.deployCenter': ({ mode }) => sandbox.setDeployCenter(mode),
    'links.open': async ({ url }) => {
      if (!(await openLink(url)))
        throw new Expected(failed('not-possible', 'link', 'This link is not one of ours.').failure)
    },
    'mail.compose': async ({ to, subject, text }) => {
      if (!(await openLetter(to, subject, text)))
        throw new Expected(failed('not-possible', 'letter', 'This message cannot be handed on.').failure)
    },
    'clipboard.write': ({ text, secret = false }) => copy(text, secret),
  }
}
