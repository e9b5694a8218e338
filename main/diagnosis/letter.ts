import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Locale } from '../../preload/shapes.ts'
import { pageOf } from './letter/page.ts'
import { sampleFacts } from './letter/sample.ts'
import { renderTemplate, tooLong, wrong } from './letter/template.ts'
import { type LetterFacts, situations, valuesOf } from './letter/values.ts'

/** The same letter in three forms; the HTML is a page that fetches nothing. */
export type WrittenLetter = { subject: string; text: string; markdown: string; html: string }

/**
 * The letter to a town about its DNS (docs/field.md 4, N4): what does not work and what it means, what to do at that
 * host and in its words, how to check. One template makes all its forms. Fails with `invalid/letter-template` for a
 * template that is wrong: the program's own can then still be used; with `not-possible/dns-unread` when nothing could
 * be read and no server of the town's is known to be the cause.
 */
export function letterOf(facts: LetterFacts, template: string): Result<WrittenLetter> {
  const values = valuesOf(facts)
  const isTheirs = values.servers.length > 0 || values.dnssec
  if (values.situation === 'unread' && !isTheirs)
    return failed('not-possible', 'dns-unread', 'The DNS of this domain could not be read from here.')
  return written(values, template, facts.locale)
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
  const html = paged(subject, markdown.value.body, locale)
  if (!html.ok) return html
  const { subject: title, body: marked } = markdown.value
  return ok({ subject, text: body, markdown: `# ${title}\n\n${marked}`, html: html.value })
}

/** What Chromium takes of a page for print, which is a link of 2 MB in base64 (main/shell/print.ts). */
const largestPage = 1_400_000

function paged(subject: string, markdown: string, locale: Locale): Result<string> {
  try {
    const html = pageOf(subject, markdown, locale)
    return Buffer.byteLength(html) > largestPage ? wrong(1, tooLong) : ok(html)
  } catch (error) {
    if (error instanceof RangeError) return wrong(1, 'quotes or lists are nested too deep')
    throw error
  }
}

/** A letter takes milliseconds; nobody waits longer than this for a profile to be kept. */
const checkedWithinMs = 2000

/**
 * Whether a template can be used: it is tried on a letter of each situation, at a host that is known and at one that
 * is not. Fails as `letterOf`.
 */
export function checkTemplate(template: string, locale: Locale): Result<void> {
  const start = performance.now()
  for (const situation of situations) {
    for (const host of ['ovh', 'unknown']) {
      const values = { ...valuesOf(sampleFacts(locale, host)), situation }
      const tried = written(values, template, locale)
      if (!tried.ok) return tried
      if (performance.now() - start > checkedWithinMs) return wrong(1, 'the letter takes too long to write')
    }
  }
  return ok(undefined)
}
