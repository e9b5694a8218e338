import type { LetterTemplates } from '../../preload/profile-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import en from '../../resources/letters/en.liquid?raw'
import fr from '../../resources/letters/fr.liquid?raw'

/** The program's own templates, which are part of the bundle: only what is bundled may load this file. */
export const ownTemplates: Readonly<Record<Locale, string>> = { fr, en }

/** The template of a profile in one language, or the program's own. */
export const templateOf = (profile: LetterTemplates, locale: Locale): string =>
  profile[locale] ?? ownTemplates[locale]
