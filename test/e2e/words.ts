import en from '../../renderer/i18n/en.json' with { type: 'json' }
import fr from '../../renderer/i18n/fr.json' with { type: 'json' }
import whyEn from '../../resources/why/en.json' with { type: 'json' }
import whyFr from '../../resources/why/fr.json' with { type: 'json' }

/** What the agent reads, from the very files that the page speaks from. */
export const words = { fr: { ...fr, why: whyFr }, en: { ...en, why: whyEn } }
export type Words = (typeof words)['fr']
export const languages = ['fr', 'en'] as const

/** A sentence with its blanks filled. */
export const fill = (sentence: string, blanks: Record<string, string | number>): string =>
  sentence.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => String(blanks[name]))

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
/** A sentence with anything in its blanks; names are compared with plain spaces. */
export const like = (sentence: string): RegExp =>
  new RegExp(
    escaped(sentence)
      .replace(/\\\{\\\{\w+\\\}\\\}/g, '.+')
      .replace(/\s/g, '\\s'),
  )
