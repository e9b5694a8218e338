import { Liquid, LiquidError } from 'liquidjs'
import { failed, ok, type Result } from '../../../preload/failure.ts'
import type { Locale } from '../../../preload/shapes.ts'
import { type Format, type Markup, markupOf } from './markup.ts'

/** What a template may cost: far beyond any letter, and nothing to a computer. */
const limits = { parse: 100_000, renderMs: 2000, memory: 2_000_000, steps: 100_000, output: 100_000 }

export const tooLong = 'the letter is too long'

/** Between the subject, on one line, and the letter itself. */
const separator = /^([^\n]+)\n-{3,}[ \t]*\n/

/**
 * A letter from its template, in one format: the first line is the subject, `---` follows, then the letter. Whatever a
 * value holds comes out as text. A template cannot read files, run code or go on for ever, and what it names and is
 * not given is an error (docs/letters.md). Fails with `invalid/letter-template`: `line`, `reason`.
 */
export function renderTemplate(
  template: string,
  format: Format,
  locale: Locale,
  values: Readonly<Record<string, unknown>>,
): Result<{ subject: string; body: string }> {
  const engine = engineOf(markupOf(format, locale))
  let written: unknown
  try {
    written = engine.parseAndRenderSync(template, { ...values }, { templateLimit: limits.steps })
  } catch (error) {
    if (error instanceof Error) return broken(template, error)
    throw error
  }
  // Before anything else looks at it: what comes next takes as long as the letter is.
  if (String(written).length > limits.output) return wrong(1, tooLong)
  const text = String(written).trimStart()
  const [head, subject = ''] = separator.exec(text) ?? []
  if (head === undefined) return wrong(1, 'no subject: the first line, then a line “---”')
  return ok({ subject: subject.trim(), body: tidied(text.slice(head.length)) })
}

function engineOf(markup: Markup): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    outputEscape: (value) => markup.plain(textOf(value)),
    // Nothing is ever looked up: there is no other template, in memory or on the disk.
    templates: {},
    cache: false,
    parseLimit: limits.parse,
    renderLimit: limits.renderMs,
    memoryLimit: limits.memory,
  })
  // Both would put a value into the letter as it is.
  for (const name of ['raw', 'json', 'jsonify', 'inspect']) delete engine.filters[name]
  const finished = (name: string, handler: (value: unknown, ...rest: unknown[]) => string) =>
    engine.registerFilter(name, { raw: true, handler })
  finished('strong', (value) => markup.strong(textOf(value)))
  finished('code', (value) => markup.code(textOf(value)))
  finished('link', (value) => markup.link(textOf(value)))
  finished('heading', (value) => markup.heading(textOf(value)))
  finished('step', (value, number) => markup.step(textOf(value), Number(number)))
  finished('field', (label, value, empty) =>
    markup.field(textOf(label), textOf(value), empty === undefined ? undefined : textOf(empty)),
  )
  finished('paragraphs', (value) => markup.paragraphs(textOf(value)))
  engine.registerFilter('sentence', (value: unknown) => {
    const [first = '', ...rest] = textOf(value)
    return first.toUpperCase() + rest.join('')
  })
  return engine
}

/** LiquidJS counts what filters make, and not what a template captures. */
function textOf(value: unknown): string {
  if (typeof value === 'string' && value.length > limits.output) throw new Error('text length limit exceeded')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** Templates need not count their empty lines. */
const tidied = (text: string): string =>
  `${text
    .replace(/^[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`

/** The template's own fault, as LiquidJS tells it; anything else that is thrown is ours. */
function broken(template: string, error: Error): Result<never> {
  if (!LiquidError.is(error)) {
    // Limits are told without a place.
    if (/limit/.test(error.message)) return wrong(1, error.message)
    throw error
  }
  const line = Number(/, line:(\d+)/.exec(error.message)?.[1] ?? 1)
  const reason = error.message.split(', line:')[0] ?? error.message
  return wrong(Math.min(line, template.split('\n').length), reason)
}

/** The fault of a template, at one of its lines. */
export const wrong = (line: number, reason: string) =>
  failed('invalid', 'letter-template', 'The template of the letter is wrong.', {
    line,
    reason: reason.slice(0, 200),
  })
