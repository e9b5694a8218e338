import type { Check } from '../../preload/shapes.ts'

/** A check whose answer cannot be read is no good news: it stands with those that fail (docs/verdict.md). */
export const isFailing = ({ state }: Pick<Check, 'state'>): boolean =>
  state === 'failing' || state === 'unknown'
