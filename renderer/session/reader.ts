import type { Session } from '../../preload/session-shapes.ts'
import type { AppState } from '../../preload/shapes.ts'

export type Where = { app: Pick<AppState, 'profile'> | null; session: Session | null }

/**
 * Who reads the pages of the console, by profile and standing; null when nobody may and the page of the session stands
 * in their place. An agent who is known goes on reading while signing in again.
 */
export function readerOf({ app, session }: Where): string | null {
  if (!app?.profile || session?.person == null || session.refusal !== null) return null
  if (session.state === 'signed-out' || session.state === 'refused') return null
  const { id, support } = session.person
  return JSON.stringify([app.profile.id, id, support])
}

type Followed = {
  getState(): Where
  subscribe(listener: (now: Where, before: Where) => void): unknown
}

/**
 * Tells `came` that somebody reads, and `gone` that they no longer do: what was read for one is not for another. The
 * view of a profile is taken up `asLeft` by who is there as it opens; who signs in later begins a plain one.
 */
export function followReader(app: Followed, came: (asLeft: boolean) => void, gone: () => void): void {
  let reader = readerOf(app.getState())
  app.subscribe((now, before) => {
    const next = readerOf(now)
    if (next === reader) return
    const last = reader
    reader = next
    if (last !== null) gone()
    if (next !== null) came(before.session === null)
  })
}
