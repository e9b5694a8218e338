import type { Role } from '../../preload/people-shapes.ts'
import type { Locale, Status } from '../../preload/shapes.ts'
import en from '../../resources/mail/en.json' with { type: 'json' }
import fr from '../../resources/mail/fr.json' with { type: 'json' }
import type { Letter } from './letters.ts'

/** A paragraph, or what stands in its place; its text may name values as `{about}`. */
export type Part = string | { button: string } | { secret: string } | { list: string }
/** All letters that are put into words here. */
export type LetterName = Exclude<Letter['kind'], 'dns'> | 'welcome-password'

/** The words of all letters in one language: data for translators (resources/mail). */
export type Catalogue = {
  letters: Record<LetterName, { subject: string; parts: Part[] }>
  footer: { domain: string; other: string }
  linkBelow: string
  inZone: string
  uses: { one: string; other: string }
  roles: Record<Role, string>
  rights: Record<Role, string>
  statuses: Record<Status, string>
  explained: Record<Status, string>
  next: Record<Status, string>
  checks: Record<string, { name: string; todo: string }>
  unknownCheck: string
  item: string
  labelled: string
}
export const catalogues: Record<Locale, Catalogue> = { fr, en }

/** A template with its values put in, once: what a value holds is never a template. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`A letter names {${name}}, which it is not given`)
    return value
  })
}
