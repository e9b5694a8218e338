import type { Notice } from '../../preload/shapes.ts'

export type Notices = {
  list(): Notice[]
  add(reason: string, details?: Record<string, string>): void
  dismiss(id: number): void
}

/** What the agent must be told once: a cache rebuilt, a job interrupted. The page has a sentence per reason. */
export function createNotices(now: () => number, changed: () => void): Notices {
  let notices: Notice[] = []
  let next = 1
  return {
    list: () => notices,
    add(reason, details = {}) {
      notices = [
        ...notices.filter((notice) => notice.reason !== reason),
        { id: next++, reason, at: now(), details },
      ]
      changed()
    },
    dismiss(id) {
      notices = notices.filter((notice) => notice.id !== id)
      changed()
    },
  }
}
