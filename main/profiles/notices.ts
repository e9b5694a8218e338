import type { Failure } from '../../preload/failure.ts'
import type { Notice } from '../../preload/shapes.ts'

export type Notices = {
  list(): Notice[]
  add(reason: string, details?: Record<string, string>): void
  /** A notice whose sentence is followed by the failure's own. */
  addFailure(reason: string, failure: Failure): void
  dismiss(id: number): void
  /** Forgets what was said of a profile that is being left. */
  leaveProfile(): void
}

/** Said of the program, whatever profile is open. */
const ofTheProgram = new Set([
  ...['settings-rebuilt', 'profile-not-opened'],
  ...['vault-memory', 'vault-none', 'vault-kept', 'vault-not-written', 'vault-rebuilt'],
])

/** What the agent must be told once: a cache rebuilt, a job interrupted. The page has a sentence per reason. */
export function createNotices(now: () => number, changed: () => void): Notices {
  let notices: Notice[] = []
  let next = 1
  function put(notice: Pick<Notice, 'reason' | 'details' | 'failure'>): void {
    notices = [
      ...notices.filter(({ reason }) => reason !== notice.reason),
      { ...notice, id: next++, at: now() },
    ]
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
    leaveProfile() {
      notices = notices.filter(({ reason }) => ofTheProgram.has(reason))
    },
  }
}
