import { type DnsRecord, type Look, recordType } from '../../../preload/dns-shapes.ts'
import { isWithin, parentOf } from '../zone/names.ts'
import { type Question, questionKey } from '../zone/view.ts'
import type { ZoneReading } from './reading.ts'

type Read = Pick<ZoneReading, 'everywhere' | 'elsewhere'>

/**
 * The same reading, in which an answer is marked as a wildcard's (RFC 4592) when the name `probe` beside it, which
 * nobody has published, is given the same, and so is the one below it: a wildcard serves nothing below a name that
 * exists (RFC 4592 2.2.1), so that a record of its own which holds what the wildcard holds is told apart.
 */
export function markWildcards<Of extends Read>(reading: Of, probe: string): Of {
  const isStars = (question: Question, look: Look): boolean => {
    // Where a CNAME leads is a wildcard's when the CNAME is.
    if (look.chain.length > 0 && question.type !== 'CNAME') {
      const alias: Question = { ...question, type: 'CNAME' }
      return looksAt(reading, alias).some((one) => isStars(alias, one))
    }
    const [beside, below] = probesOf(question, probe).map((one) => reading.elsewhere[questionKey(one)])
    return isSame(look, beside) && (below === undefined || below.state === 'unread' || isSame(look, below))
  }
  const marked = (key: string, look: Look): Look =>
    isStars(questionOf(key), look) ? { ...look, wildcard: true } : look
  return {
    ...reading,
    everywhere: mapped(reading.everywhere, (key, answers) =>
      answers.map((answer) => ({ ...answer, look: marked(key, answer.look) })),
    ),
    elsewhere: mapped(reading.elsewhere, marked),
  }
}

/** What is still to be asked of a zone, to know which of its answers are a wildcard's. */
export function probesFor(reading: Read, zone: string, probe: string): Question[] {
  const asked = [...Object.keys(reading.everywhere), ...Object.keys(reading.elsewhere)].map(questionOf)
  return asked.flatMap((question) => {
    if (question.name === zone || !isWithin(question.name, zone)) return []
    const looks = looksAt(reading, question).filter(({ chain }) => chain.length === 0)
    const [beside, below] = probesOf(question, probe)
    if (beside === undefined || below === undefined || !looks.some(({ state }) => state === 'found'))
      return []
    const said = reading.elsewhere[questionKey(beside)]
    return looks.some((look) => isSame(look, said)) ? [beside, below] : [beside]
  })
}

/** The same question about the probe in the place of the name's first label, and about the probe below it. */
function probesOf({ name, type }: Question, probe: string): Question[] {
  const parent = parentOf(name)
  if (parent === null || name.split('.').includes(probe)) return []
  return [parent === '' ? probe : `${probe}.${parent}`, `${probe}.${name}`].map((one) => ({
    name: one,
    type,
  }))
}

function questionOf(key: string): Question {
  const gap = key.indexOf(' ')
  return { type: recordType.parse(key.slice(0, gap)), name: key.slice(gap + 1) }
}

function looksAt({ everywhere, elsewhere }: Read, question: Question): Look[] {
  const key = questionKey(question)
  return [...(everywhere[key] ?? []).map(({ look }) => look), elsewhere[key]].flatMap((look) => look ?? [])
}

const mapped = <T>(of: Record<string, T>, by: (key: string, value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, by(key, value)]))

const isSame = (look: Look, probed: Look | undefined): boolean =>
  look.state === 'found' &&
  probed?.state === 'found' &&
  String(look.chain) === String(probed.chain) &&
  String(valuesOf(look.records)) === String(valuesOf(probed.records))

const valuesOf = (records: readonly DnsRecord[]): string[] =>
  records.map(({ type, priority, value }) => `${type} ${priority} ${value}`).toSorted()
