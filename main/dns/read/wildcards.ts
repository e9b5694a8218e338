import type { DnsRecord, Look } from '../../../preload/dns-shapes.ts'
import { parentOf } from '../zone/names.ts'
import type { ZoneReading } from './reading.ts'

/**
 * The same reading, in which an answer is marked as a wildcard's (RFC 4592) when the name `probe` beside it, which
 * nobody has published, is given the same.
 */
export function markWildcards(reading: ZoneReading, probe: string): ZoneReading {
  const marked = (key: string, look: Look): Look => {
    const beside = besideOf(key, probe)
    const probed = beside === null ? undefined : reading.elsewhere[beside]
    return probed !== undefined && isSame(look, probed) ? { ...look, wildcard: true } : look
  }
  return {
    ...reading,
    everywhere: mapped(reading.everywhere, (key, answers) =>
      answers.map((answer) => ({ ...answer, look: marked(key, answer.look) })),
    ),
    elsewhere: mapped(reading.elsewhere, marked),
  }
}

const mapped = <T>(of: Record<string, T>, by: (key: string, value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, by(key, value)]))

/** The key of the same question about the probe in the place of a name's first label; null: of the probe itself. */
function besideOf(key: string, probe: string): string | null {
  const gap = key.indexOf(' ')
  const name = key.slice(gap + 1)
  const parent = parentOf(name)
  if (parent === null || name.startsWith(`${probe}.`)) return null
  return `${key.slice(0, gap)} ${parent === '' ? probe : `${probe}.${parent}`}`
}

const isSame = (look: Look, probed: Look): boolean =>
  look.state === 'found' &&
  probed.state === 'found' &&
  String(look.chain) === String(probed.chain) &&
  String(valuesOf(look.records)) === String(valuesOf(probed.records))

const valuesOf = (records: readonly DnsRecord[]): string[] =>
  records.map(({ type, priority, value }) => `${type} ${priority} ${value}`).toSorted()
