import type { Locale } from '../../preload/shapes.ts'
import { useApp } from '../stores.ts'

export const useLocale = (): Locale => useApp((state) => state.app?.locale ?? 'fr')
