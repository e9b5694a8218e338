import type {
  DiagnosedRecord,
  DnsFinding,
  DnsServer,
  Information,
  JudgedRecord,
  ServerAnswer,
} from '../../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../../preload/shapes.ts'
import type { Answered, ZoneReading } from '../read/reading.ts'
import { elsewhereOf, viewOfServer } from '../read/views.ts'
import { firstOf, questionKey } from '../zone/view.ts'
import { compareRecords } from './compare.ts'
import { finding, gravest, settled } from './finding.ts'
import { informationOf } from './information.ts'
import { checkOf } from './kinds.ts'
import { secondsLeft } from './seconds-left.ts'
import { sourceView } from './source-view.ts'
import { listed } from './surroundings.ts'

/** A record without its past, which is the cache's. */
export type JudgedNow = Omit<DiagnosedRecord, 'since' | 'before'>

/** What one server makes of one record. */
type Opinion = { server: number; of: DnsServer; judged: JudgedRecord; answered: Answered }

/**
 * Judges each expected record by what every authoritative server says, together: a verdict is `correct` when all that
 * can be read say so. Public resolvers never decide; they only tell how old what the world sees is. What is to be said
 * of the delegation and of the servers themselves is in the reading already.
 */
export function judgeReading(
  reading: ZoneReading,
  expected: readonly ExpectedRecord[],
): { records: JudgedNow[]; information: Information[] } {
  const { domain, delegation } = reading
  const elsewhere = elsewhereOf(reading)
  const byServer = reading.servers.map((_, server) =>
    compareRecords(domain, delegation.zone, expected, firstOf(viewOfServer(reading, server), elsewhere)),
  )
  // Where nobody can be asked, this gives the names and the kinds.
  const unasked = compareRecords(domain, delegation.zone, expected, { look: () => undefined })
  const records = unasked.map((record, place) => {
    const opinions = reading.servers.flatMap((of, server): Opinion[] => {
      const answered = reading.everywhere[questionKey(record)]?.find((one) => one.server === server)
      const judged = byServer[server]?.[place]
      return answered === undefined || judged === undefined ? [] : [{ server, of, judged, answered }]
    })
    return {
      ...together(reading, record, opinions),
      check: checkOf(record.expected),
      answers: opinions.map(answerOf),
    }
  })
  return { records, information: informationOf(domain, sourceView(reading), reading.dnssec) }
}

const answerOf = ({ server, judged, answered }: Opinion): ServerAnswer => ({
  ...answered.look,
  server,
  verdict: judged.verdict,
  at: answered.at,
})

function together(reading: ZoneReading, record: JudgedRecord, opinions: readonly Opinion[]): JudgedRecord {
  const own = opinions.filter(({ of }) => of.role === 'authoritative')
  const readable = own.filter(({ judged }) => judged.verdict !== 'error')
  if (readable.length === 0) return { ...record, ...unanimouslyUnread(reading, record, own) }
  const verdict = gravest(readable.map(({ judged }) => judged.verdict))
  const findings = [
    ...readable.flatMap(({ judged }) => judged.findings),
    ...disagreement(readable),
    ...silentBeside(own),
    ...(verdict === 'correct' ? behind(reading, opinions) : []),
  ]
  return { ...record, verdict, findings: settled(findings) }
}

/** Nobody can be read: that there is no such domain is an answer all the same, of who holds what is above it. */
function unanimouslyUnread(
  { delegation }: ZoneReading,
  record: JudgedRecord,
  own: readonly Opinion[],
): Pick<JudgedRecord, 'verdict' | 'findings'> {
  const isOfType = ({ code }: DnsFinding) => code === 'unknown-type'
  const isKnownType = !record.findings.some(isOfType)
  if (delegation.state === 'not-delegated' && isKnownType) return { verdict: 'missing', findings: [] }
  const findings = own.flatMap(({ judged }) => judged.findings)
  if (findings.length > 0 || !isKnownType)
    return { verdict: 'error', findings: settled([...findings, ...record.findings.filter(isOfType)]) }
  // The way to the servers was not found, for the reason that the delegation tells.
  const reason = delegation.findings.find(({ code }) => isUnreadWay(code))?.facts.reason
  return { verdict: 'error', findings: [finding('warning', 'unread', { reason: reason ?? 'not-asked' })] }
}

const isUnreadWay = (code: DnsFinding['code']): boolean =>
  code === 'delegation-unread' || code === 'roots-silent'

const nameOf = ({ name, address }: DnsServer): string =>
  name === null || address === null ? (name ?? address ?? '') : `${name} (${address})`

function disagreement(readable: readonly Opinion[]): DnsFinding[] {
  const wrong = readable.filter(({ judged }) => judged.verdict !== 'correct')
  const isOne = new Set(readable.map(({ judged }) => judged.verdict)).size === 1
  if (isOne) return []
  // A name server is one, on however many addresses it answers; it is right when all of them are.
  const late = new Set(wrong.map(({ of }) => of.name ?? of.address))
  const total = new Set(readable.map(({ of }) => of.name ?? of.address)).size
  // What is right nowhere is not on its way.
  if (late.size === total) return [finding('warning', 'servers-differ', { total })]
  const facts = {
    right: total - late.size,
    total,
    servers: listed(wrong.map(({ of }) => nameOf(of)).toSorted()),
  }
  return [finding('warning', 'propagating', facts)]
}

/** A server that answers, though not this: one that answers nothing has a finding of its own with the delegation. */
const silentBeside = (own: readonly Opinion[]): DnsFinding[] =>
  own
    .filter(({ of, judged }) => judged.verdict === 'error' && of.trouble === null)
    .map(({ of, answered }) =>
      finding('warning', 'server-unread', {
        server: nameOf(of),
        reason: answered.look.reason ?? 'not-asked',
      }),
    )

/** The public resolvers that still give what was there before, and for how long the slowest of them may. */
function behind(reading: ZoneReading, opinions: readonly Opinion[]): DnsFinding[] {
  const late = opinions.filter(
    ({ of, judged }) => of.role === 'public' && judged.verdict !== 'correct' && judged.verdict !== 'error',
  )
  if (late.length === 0) return []
  const seconds = Math.max(...late.map(({ answered }) => secondsLeft(reading, answered.look)))
  const addresses = listed(late.map(({ of }) => of.address ?? '').toSorted())
  return [finding('note', 'public-behind', { addresses, minutes: Math.ceil(seconds / 60) })]
}
