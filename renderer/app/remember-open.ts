import type { AppState } from '../../preload/shapes.ts'
import type { Place } from './store.ts'

type Where = { place: Place; app: Pick<AppState, 'profile'> | null }

/**
 * Tells `remember` which domain is open, each time that the agent goes somewhere. Another profile brings the list
 * back by itself: nobody went there, and what the new profile had open is not to be forgotten.
 */
export function rememberOpen(
  app: { subscribe(listener: (now: Where, before: Where) => void): unknown },
  remember: (open: string | null) => void,
): void {
  app.subscribe((now, before) => {
    if (now.place === before.place || now.app?.profile?.id !== before.app?.profile?.id) return
    remember(now.place.view === 'domain' ? now.place.name : null)
  })
}
