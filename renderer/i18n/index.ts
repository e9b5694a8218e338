import i18next, { type TFunction } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import { type Check, isFailing, type Locale } from '../../preload/shapes.ts'
import checksEn from '../../resources/why/checks.en.json'
import checksFr from '../../resources/why/checks.fr.json'
import whyEn from '../../resources/why/en.json'
import whyFr from '../../resources/why/fr.json'
import en from './en.json'
import fr from './fr.json'

void i18next.use(initReactI18next).init({
  lng: 'fr',
  fallbackLng: 'fr',
  resources: { fr: { translation: fr }, en: { translation: en } },
  // React escapes every text node.
  interpolation: { escapeValue: false },
})

export async function speak(locale: Locale): Promise<void> {
  document.documentElement.lang = locale
  await i18next.changeLanguage(locale)
}

export type Why = {
  title: string
  cause: string
  consequence: string
  who: 'town' | 'dimail' | 'support'
  next: string
  /** Where the rule is written, when that helps. */
  link?: string
}

const whys: Record<Locale, Record<string, unknown>> = { fr: whyFr, en: whyEn }
const labels: Record<Locale, Record<string, { chip: string; label: string } | undefined>> = {
  fr: checksFr,
  en: checksEn,
}

const isWhy = (entry: unknown): entry is Why =>
  typeof entry === 'object' && entry !== null && 'consequence' in entry

/** Why a check fails, in the agent's language: by dimail's code, else by the check, else in general (field N5). */
export function why(locale: Locale, key: string, code: string | undefined): Why {
  const catalogue = whys[locale]
  const entry = [code, `check:${key}`, 'unknown'].map((name) => catalogue[name ?? '']).find(isWhy)
  if (!entry) throw new Error('The catalogue has no entry "unknown"')
  return entry
}

export const checkLabel = (locale: Locale, key: string): { chip: string; label: string } =>
  labels[locale][key] ?? { chip: key, label: key }

/** The check that says most about what people live through, first: a missing domain, then its mail, then the rest. */
export const mainFault = (checks: readonly Check[]): Check | undefined => checks.find(isFailing)

/** The sentence for a failure: what happened, why, and what to do. */
export function sentenceOf(t: TFunction, { code, reason, details }: Failure): string {
  const exact = `failures.${code}.${reason}`
  return t(i18next.exists(exact) ? exact : `failures.${code}.other`, details)
}
