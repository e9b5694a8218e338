import type { Failure } from '../../preload/failure.ts'
import type { Notice } from '../../preload/shapes.ts'

export type Notices = {
  list(): Notice[]
  add(reason: string, details?: Record<string, string>): void
  /** A notice whose sentence is followed by the failure's own. */
  addFailure(reason: string, failure: Failure): void
  dismiss(id: number): void
  /** Forgets what was said to an agent of the domains that they may read: the next one may not. */
  leaveAgent(): void
  /** Forgets what was said of a profile that is being left. */
  leaveProfile(): void
}

/** Said of the program, whatever profile is open. */
const ofTheProgram = new Set([
  ...['settings-rebuilt', 'profile-not-opened'],
  ...['vault-memory', 'vault-none', 'vault-kept', 'vault-not-written', 'vault-rebuilt'],
])

/** Said of one domain, to who may read it: one of them takes no other's place. */
const settled = 'dns-settled'
const settledSilent = 'dns-settled-silent'
const ofDomains = new Set([settled, settledSilent])
/** Of those, the last so many: they wait for somebody who has looked away. */
const mostOfDomains = 20

/** What is said of a domain that was waited for and has its DNS; `silent`: the name servers that do not answer. */
export const settledNotice = (
  domain: string,
  silent: readonly string[],
): { reason: string; details: Record<string, string> } =>
  silent.length === 0
    ? { reason: settled, details: { domain } }
    : { reason: settledSilent, details: { domain, servers: silent.join(', ').slice(0, 300) } }

/** What the agent must be told once: a cache rebuilt, a job interrupted. The page has a sentence per reason. */
export function createNotices(now: () => number, changed: () => void): Notices {
  let notices: Notice[] = []
  let next = 1
  function put(notice: Pick<Notice, 'reason' | 'details' | 'failure'>): void {
    const kept = notices.filter((one) => !isOvertaken(one, notice))
    notices = bounded([...kept, { ...notice, id: next++, at: now() }])
    changed()
  }
  return {
    list: () => notices,
    add: (reason, details = {}) => put({ reason, details, failure: null }),
    addFailure: (reason, failure) => put({ reason, details: {}, failure }),
    dismiss(id) {
      notices = notices.filter((notice) => notice.id !== id)
      changed()
    },
    leaveAgent() {
      notices = notices.filter(({ reason }) => !ofDomains.has(reason))
    },
    leaveProfile() {
      notices = notices.filter(({ reason }) => ofTheProgram.has(reason))
    },
  }
}

type Said = Pick<Notice, 'reason' | 'details'>

function isOvertaken(one: Said, by: Said): boolean {
  if (!ofDomains.has(by.reason)) return one.reason === by.reason
  return ofDomains.has(one.reason) && one.details.domain === by.details.domain
}

function bounded(notices: readonly Notice[]): Notice[] {
  const old = notices.filter(({ reason }) => ofDomains.has(reason)).slice(0, -mostOfDomains)
  return notices.filter((notice) => !old.includes(notice))
}
