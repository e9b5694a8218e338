import type { Locale } from '../../preload/shapes.ts'
import { type Catalogue, catalogues, fill, type LetterName, type Part } from './catalogue.ts'
import { type Block, htmlOf, textOf } from './layout.ts'
import type { Letter } from './letters.ts'

export type Rendered = {
  subject: string
  text: string
  html: string
  /** What stands in it and in no record or log, even should a mail server repeat it. */
  secrets: readonly string[]
}
type Values = Record<string, string>
type Worded = Exclude<Letter, { kind: 'dns' }>

/**
 * A letter in words: a subject of one line, a text complete on its own, and the same as HTML without image, script
 * or anything fetched. Times are told in Paris's zone. Throws for a letter that lacks its link or password:
 * `faultOf` tells beforehand.
 */
export function render(letter: Letter, locale: Locale): Rendered {
  const fault = faultOf(letter)
  if (fault !== null) throw new Error(`A ${letter.kind} letter has a bad ${fault}`)
  if (letter.kind === 'dns') {
    const { subject, text, html } = letter.facts
    // Its no-break spaces stay: it is somebody's words, not a value.
    return { subject: cut(subject.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' '), 200), text, html, secrets: [] }
  }
  const words = catalogues[locale]
  const values = valuesOf(letter, locale, words)
  const { subject, parts } = words.letters[nameOf(letter)]
  const blocks = [
    ...parts.flatMap((part) => blocksOf(part, letter, values, words)),
    { kind: 'footer' as const, text: fill(words.footer[letter.domain === '' ? 'other' : 'domain'], values) },
  ]
  const title = cut(fill(subject, values), 200)
  const html = htmlOf(blocks, words, locale, title)
  return { subject: title, text: textOf(blocks, words), html, secrets: secretsOf(letter) }
}

/** The code of a link by itself, too: servers write the hosts that they refuse so that they are no links. */
function secretsOf({ facts }: Letter): string[] {
  if ('password' in facts) return [facts.password]
  return 'link' in facts ? [facts.link, facts.link.slice(facts.link.lastIndexOf('/') + 1)] : []
}

/** What makes a letter useless to its reader: a link that leads nowhere, a password that cannot be typed. */
export function faultOf({ facts }: Letter): 'link' | 'password' | null {
  if ('link' in facts && !isLink(facts.link)) return 'link'
  return 'password' in facts && !/^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(facts.password) ? 'password' : null
}

function isLink(text: string): boolean {
  if (/[\s\p{C}<>"]/u.test(text) || !URL.canParse(text)) return false
  return ['https:', 'http:'].includes(new URL(text).protocol)
}

const nameOf = ({ kind, facts }: Worded): LetterName =>
  kind === 'welcome' && 'password' in facts ? 'welcome-password' : kind

function valuesOf(letter: Worded, locale: Locale, words: Catalogue): Values {
  const common = { domain: clean(letter.domain), about: clean(letter.about) }
  if (letter.kind === 'status') {
    const { status } = letter.facts
    const told = [words.statuses[status], words.explained[status], words.next[status]]
    const [short = '', explained = '', next = ''] = told.map((text) => fill(text, common))
    return { ...common, status: short, explained, next }
  }
  if (letter.kind === 'invitation') {
    const { role, by, expiresAt } = letter.facts
    const expires = timeOf(expiresAt, locale, words)
    return { ...common, role: words.roles[role], rights: words.rights[role], by: clean(by), expires }
  }
  if (!('link' in letter.facts)) return common
  const { expiresAt, maxUse } = letter.facts
  const uses = fill(maxUse === 1 ? words.uses.one : words.uses.other, { count: String(maxUse) })
  return { ...common, uses, expires: timeOf(expiresAt, locale, words) }
}

function blocksOf(part: Part, { facts }: Worded, values: Values, words: Catalogue): Block[] {
  if (typeof part === 'string') return [{ kind: 'paragraph', text: fill(part, values) }]
  if ('button' in part)
    return 'link' in facts ? [{ kind: 'link', label: fill(part.button, values), link: facts.link }] : []
  if ('secret' in part)
    return 'password' in facts
      ? [{ kind: 'secret', label: fill(part.secret, values), secret: facts.password }]
      : []
  if (!('failing' in facts) || facts.failing.length === 0) return []
  const items = facts.failing.map((key) => {
    const { name, todo } = words.checks[key] ?? { name: clean(key), todo: words.unknownCheck }
    return fill(words.item, { check: name, todo })
  })
  return [{ kind: 'list', label: fill(part.list, values), items }]
}

function timeOf(at: number, locale: Locale, words: Catalogue): string {
  const format = new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: 'Europe/Paris',
  })
  return fill(words.inZone, { date: format.format(at) })
}

/** A value on one line: no end of line that would start a header, nothing that turns the text around it. */
const clean = (text: string): string => cut(text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim(), 320)

/** Between two characters, never within one. */
const cut = (text: string, most: number): string =>
  text.length > most ? [...text].slice(0, most).join('') : text
