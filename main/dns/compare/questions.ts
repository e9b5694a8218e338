import type { RecordType } from '../../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../../preload/shapes.ts'
import { absolute, under } from '../zone/names.ts'
import { type Question, questionKey } from '../zone/view.ts'
import { typeOf } from './kinds.ts'

const unique = (questions: readonly Question[]): Question[] => [
  ...new Map(questions.map((question) => [questionKey(question), question])).values(),
]

/**
 * What to ask of every server of a domain, and what of one of them: the rest (where an SPF or an MX leads) shows only
 * while comparing.
 */
export function questionsFor(
  domain: string,
  expected: readonly ExpectedRecord[],
): { everywhere: Question[]; once: Question[] } {
  const apex = absolute(domain)
  const asked = expected.flatMap((record): Question[] => {
    const type = typeOf(record)
    return type === null ? [] : [{ name: under(record.target, domain), type }]
  })
  const everywhere = unique([{ name: apex, type: 'SOA' }, ...asked])
  const known = new Set(everywhere.map(questionKey))
  const once = unique([
    ...asked.flatMap(({ name, type }) => around(name, type, apex)),
    ...informative(apex),
  ]).filter((question) => !known.has(questionKey(question)))
  return { everywhere, once }
}

/** What explains an answer that is not the wanted one. */
function around(name: string, type: RecordType, apex: string): Question[] {
  const instead: RecordType[] = type === 'CNAME' || type === 'MX' ? ['CNAME', 'A', 'AAAA'] : ['CNAME']
  return [...instead.map((other) => ({ name, type: other })), { name: `${name}.${apex}`, type }]
}

const informative = (apex: string): Question[] =>
  [`_dmarc.${apex}`, `_mta-sts.${apex}`, `_smtp._tls.${apex}`].map((name) => ({ name, type: 'TXT' }))
