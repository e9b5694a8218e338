import type { PlatformAction } from '../../preload/session-shapes.ts'
import { useApp } from '../stores.ts'

/** Whether this person may now do what is about no domain yet: main decides, the page shows. */
export const useMay = (action: PlatformAction): boolean =>
  useApp((state) => state.session?.may.includes(action) ?? false)
