import type { Session } from '../../preload/session-shapes.ts'
import type { AppState } from '../../preload/shapes.ts'
import { readerOf } from '../session/reader.ts'
import type { Place } from './store.ts'

type Where = { place: Place; app: Pick<AppState, 'profile'> | null; session: Session | null }

/**
 * Tells `remember` which domain is open, each time that the agent goes somewhere. Another profile or person
 * brings the list back by itself: nobody went there, and what the new profile had open is not to be forgotten.
 */
export function rememberOpen(
  app: { subscribe(listener: (now: Where, before: Where) => void): unknown },
  remember: (open: string | null) => void,
): void {
  app.subscribe((now, before) => {
    if (now.place === before.place || now.app?.profile?.id !== before.app?.profile?.id) return
    if (readerOf(now) !== readerOf(before)) return
    remember(now.place.view === 'domain' ? now.place.name : null)
  })
}
