import type { Locale } from '../../preload/shapes.ts'
import en from '../../resources/why/en.json' with { type: 'json' }
import fr from '../../resources/why/fr.json' with { type: 'json' }

/** What the catalogue says of one failure (resources/why); `link`: where the rule is written, when that helps. */
export type Explanation = {
  title: string
  cause: string
  consequence: string
  who: string
  next: string
  link?: string
}

const catalogues: Record<Locale, Readonly<Record<string, Explanation>>> = { fr, en }

/** What readers of dimail's answers write where dimail gave no code (main/dimail/checks.ts). */
const withoutCode = 'unknown'

const entryOf = (check: string, code: string): string =>
  code === withoutCode || code === '' ? `check:${check}` : code

/** What a code of dimail means (docs/dimail.md 6.2), or its check when it came without one; null: not known. */
export function explanationOf(locale: Locale, check: string, code: string): Explanation | null {
  const entry = entryOf(check, code)
  const catalogue = catalogues[locale]
  return Object.hasOwn(catalogue, entry) ? (catalogue[entry] ?? null) : null
}

/**
 * Whether the catalogue explains this code of this check (docs/field.md 4, N5). One that it does not is shown in
 * dimail's own words, and counted so that the catalogue can grow.
 */
export const isExplained = (check: string, code: string): boolean =>
  !code.startsWith('check:') && explanationOf('fr', check, code) !== null
