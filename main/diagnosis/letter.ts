import { ok, type Result } from '../../preload/failure.ts'
import type { Locale } from '../../preload/shapes.ts'
import { pageOf } from './letter/page.ts'
import { sampleFacts } from './letter/sample.ts'
import { renderTemplate } from './letter/template.ts'
import { type LetterFacts, situations, valuesOf } from './letter/values.ts'

/** The same letter in three forms; the HTML is a page that fetches nothing. */
export type WrittenLetter = { subject: string; text: string; markdown: string; html: string }

/**
 * The letter to a town about its DNS (docs/field.md 4, N4): what does not work and what it means, what to do at that
 * host and in its words, how to check. One template makes all its forms. Fails with `invalid/letter-template` for a
 * template that is wrong: the program's own can then still be used.
 */
export function letterOf(facts: LetterFacts, template: string): Result<WrittenLetter> {
  return written(valuesOf(facts), template, facts.locale)
}

function written(
  values: Readonly<Record<string, unknown>>,
  template: string,
  locale: Locale,
): Result<WrittenLetter> {
  const text = renderTemplate(template, 'text', locale, values)
  if (!text.ok) return text
  const markdown = renderTemplate(template, 'markdown', locale, values)
  if (!markdown.ok) return markdown
  const { subject, body } = text.value
  const html = pageOf(subject, markdown.value.body, locale)
  return ok({ subject, text: body, markdown: `# ${markdown.value.subject}\n\n${markdown.value.body}`, html })
}

/**
 * Whether a template can be used: it is tried on a letter of each situation, at a host that is known and at one that
 * is not. Fails as `letterOf`.
 */
export function checkTemplate(template: string, locale: Locale): Result<void> {
  for (const situation of situations) {
    for (const host of ['ovh', 'unknown']) {
      const values = { ...valuesOf(sampleFacts(locale, host)), situation }
      const tried = written(values, template, locale)
      if (!tried.ok) return tried
    }
  }
  return ok(undefined)
}
