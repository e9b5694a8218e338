import type { Locale } from '../../../preload/shapes.ts'
import en from '../../../resources/letters/words.en.json' with { type: 'json' }
import fr from '../../../resources/letters/words.fr.json' with { type: 'json' }

/** The words that a letter is put together from, beside its template: data for translators (resources/letters). */
export type LetterWords = typeof fr

const words: Record<Locale, LetterWords> = { fr, en }
export const wordsOf = (locale: Locale): LetterWords => words[locale]

/** `{name}` replaced by its value, once: what a value holds is never replaced. */
export const filled = (sentence: string, values: Readonly<Record<string, string>>): string =>
  sentence.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all)

/** A number of seconds as people say it, never less than five minutes and rounded up. */
export function durationOf(seconds: number, locale: Locale): string {
  const { durations } = wordsOf(locale)
  const minutes = Math.max(5, Math.ceil(seconds / 60))
  if (minutes < 60) return filled(durations.minutes, { count: String(minutes) })
  const hours = Math.ceil(minutes / 60)
  if (hours === 1) return durations.hour
  if (hours < 24) return filled(durations.hours, { count: String(hours) })
  const days = Math.ceil(hours / 24)
  return days === 1 ? durations.day : filled(durations.days, { count: String(days) })
}
