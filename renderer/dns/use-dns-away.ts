import { awayNow } from '../app/store.ts'
import { useApp } from '../stores.ts'

/** Why no name server can be asked now; null when they can, whatever becomes of dimail. */
export const useDnsAway = (): 'known' | 'offline' | null =>
  useApp((state) => {
    const away = awayNow(state)
    return away === 'known' || away === 'offline' ? away : null
  })
