import type { Locale } from '../../../preload/shapes.ts'
import { wordsOf } from './words.ts'

export type Format = 'text' | 'markdown'

/** How a format writes what a template asks for; all but `plain` give finished text, never escaped again. */
export type Markup = {
  /** A value on one line, with nothing in it that the format would read. */
  plain(value: string): string
  strong(value: string): string
  /** What is to be copied: every character of it stays. */
  code(value: string): string
  link(address: string): string
  heading(value: string): string
  step(value: string, number: number): string
  /** `empty`: what to say where there is no value. */
  field(label: string, value: string, empty?: string): string
  /** Several lines of somebody's own words. */
  paragraphs(value: string): string
}

/**
 * A value from outside on one line: ends of line, control characters and marks of direction are shown by their code
 * point, since they would change how everything around them reads.
 */
export const visible = (value: string): string =>
  value.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`)

/** Somebody's own lines, without what is neither text nor an end of line. */
const linesOf = (value: string): string[] =>
  value
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => visible(line.replaceAll('\t', ' ')).trim())

export function markupOf(format: Format, locale: Locale): Markup {
  const { labelled, emptyField } = wordsOf(locale)
  const named = (label: string) => labelled.replace('{label}', () => label)
  return format === 'text' ? textMarkup(named, emptyField) : markdownMarkup(named, emptyField)
}

function textMarkup(named: (label: string) => string, emptyField: string): Markup {
  const plain = visible
  return {
    plain,
    strong: plain,
    code: plain,
    link: plain,
    heading: (value) => `${plain(value)}\n${'-'.repeat([...value].length)}`,
    step: (value, number) => `${number}. ${plain(value)}`,
    field: (label, value, empty = emptyField) =>
      `    ${named(plain(label))} ${value === '' ? `(${plain(empty)})` : plain(value)}`,
    paragraphs: (value) => linesOf(value).join('\n').trim(),
  }
}

function markdownMarkup(named: (label: string) => string, emptyField: string): Markup {
  const plain = escaped
  return {
    plain,
    strong: (value) => `**${plain(value.trim())}**`,
    code: codeSpan,
    link: (address) => (isPlainLink(address) ? `<${address}>` : plain(address)),
    heading: (value) => `## ${plain(value)}`,
    step: (value, number) => `### ${number}. ${plain(value)}`,
    field: (label, value, empty = emptyField) =>
      `- ${named(plain(label))} ${value === '' ? `*${plain(empty)}*` : codeSpan(value)}`,
    paragraphs: (value) =>
      linesOf(value)
        .map((line) => escaped(line))
        .join('\\\n')
        .replace(/(?:\\\n){2,}/g, '\n\n')
        .replace(/^[\\\n]+|[\\\n]+$/g, ''),
  }
}

/** Every mark of Markdown and of HTML, as itself; and no list, heading or code block at the start of a line. */
const escaped = (value: string): string =>
  visible(value)
    .replace(/[\\`*_[\]{}<>#|~&!]/g, '\\$&')
    .replace(/^( *)([-+=]|\d+(?=[.)]))/, (_all, spaces: string, mark: string) =>
      /\d/.test(mark) ? `${spaces}${mark}\\` : `${spaces}\\${mark}`,
    )

/** A code span with a fence longer than any run of backticks in it (CommonMark 6.1). */
function codeSpan(value: string): string {
  const text = visible(value)
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length)
  const fence = '`'.repeat(Math.max(0, ...runs) + 1)
  const padding = /^`|`$|^ .*[^ ].* $/u.test(text) ? ' ' : ''
  return `${fence}${padding}${text}${padding}${fence}`
}

const isPlainLink = (address: string): boolean => /^https:\/\/[\w.-]+(\/[\w./%#?=&-]*)?$/.test(address)
