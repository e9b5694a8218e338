import type { DiagnosedRecord, Diagnosis, DnsWatch } from '../../preload/dns-shapes.ts'

/**
 * How often a domain that waits for DNS is asked about, in milliseconds. `apart`: two right answers count as two when
 * this much lies between them, however often an agent asks.
 */
export type Pace = { first: number; least: number; most: number; apart: number }

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export const usualPace: Pace = { first: 5 * minute, least: 2 * minute, most: hour, apart: minute }

/** The sandbox's name servers are nobody else's: what they publish is seen while one looks on. */
export const sandboxPace: Pace = { first: 5000, least: 3000, most: 30_000, apart: 1000 }

/** Once this many answers in a row are right, the change has come everywhere (docs/field.md 4, N11). */
const agreedEnough = 2
/** Seats that watch one domain must not ask at one moment: each adds up to this share of its own. */
const phase = 0.25
const quietDays = 10

/** What the servers that hold the zone say of it, taken together. */
type Standing = 'right' | 'propagating' | 'wrong' | 'unread'

const isAuthoritative = ({ servers }: Diagnosis, server: number): boolean =>
  servers[server]?.role === 'authoritative'

const authoritativeAnswers = (diagnosis: Diagnosis, { answers }: DiagnosedRecord) =>
  answers.filter(({ server }) => isAuthoritative(diagnosis, server))

/**
 * A server that cannot be read counts neither as right nor as wrong, else one that never answers would keep a domain
 * waiting for ever: those that do answer decide, at least one for each record, and `silentOf` names the others.
 */
function standingOf(diagnosis: Diagnosis): Standing {
  const said = diagnosis.records.map((record) => {
    const read = authoritativeAnswers(diagnosis, record).filter(({ verdict }) => verdict !== 'error')
    const right = read.filter(({ verdict }) => verdict === 'correct').length
    if (read.length === 0) return 'unread'
    if (right === read.length) return 'right'
    return right > 0 ? 'propagating' : 'wrong'
  })
  if (said.includes('propagating')) return 'propagating'
  if (said.includes('wrong')) return 'wrong'
  return said.length === 0 || said.includes('unread') ? 'unread' : 'right'
}

/**
 * The authoritative servers, by name or else by address, of which some record could not be read. Having no IPv6 here is
 * no silence of theirs.
 */
export function silentOf(diagnosis: Diagnosis): string[] {
  const unread = diagnosis.records.flatMap((record) =>
    authoritativeAnswers(diagnosis, record).flatMap(({ server, verdict, reason }) =>
      verdict === 'error' && reason !== 'no-ipv6' ? [server] : [],
    ),
  )
  const named = [...new Set(unread)].map((server) => diagnosis.servers[server])
  return [...new Set(named.map((server) => server?.name ?? server?.address ?? ''))].filter(Boolean)
}

/**
 * What a diagnosis makes of a watch; `tell`: the agent is to be told now, which happens once for each pin, whatever
 * DNS does afterwards. A change that only some servers show is `propagating`. A diagnosis in which nothing could be
 * read changes no state, and breaks what was in a row.
 */
export function watched(
  watch: DnsWatch,
  diagnosis: Diagnosis,
  now: number,
  { apart }: Pick<Pace, 'apart'> = usualPace,
): { watch: DnsWatch; tell: boolean } {
  const { at: lastAt } = diagnosis
  const standing = standingOf(diagnosis)
  if (standing === 'right') return agreeing(watch, lastAt, now, apart)
  if (standing === 'unread') {
    const agreed = watch.state === 'settled' ? watch.agreed : 0
    return { watch: { ...watch, agreed, lastAt }, tell: false }
  }
  const state = standing === 'wrong' ? 'waiting' : 'propagating'
  return { watch: { ...watch, state, agreed: 0, lastAt }, tell: false }
}

function agreeing(
  watch: DnsWatch,
  lastAt: number,
  now: number,
  apart: number,
): { watch: DnsWatch; tell: boolean } {
  const isSoon = watch.agreed > 0 && watch.lastAt !== null && Math.abs(lastAt - watch.lastAt) < apart
  if (isSoon) return { watch, tell: false }
  const agreed = Math.min(watch.agreed + 1, agreedEnough)
  const isSettled = agreed >= agreedEnough
  const tell = isSettled && watch.toldAt === null
  const state = isSettled ? 'settled' : watch.state
  return { watch: { ...watch, state, agreed, lastAt, toldAt: tell ? now : watch.toldAt }, tell }
}

/**
 * When a watched domain is asked about next; null: it was told, and nobody waits any more. After a first right answer
 * soon, to confirm it; else once the shortest-lived answer that is not right yet has run out (`first` for one that says
 * there is nothing: a diagnosis does not hold the minimum of its SOA, RFC 2308 5), and twice as long for each day in
 * which nothing changed. `random`: from 0 to 1, of this seat.
 */
export function nextAt(
  watch: DnsWatch,
  diagnosis: Diagnosis | null,
  now: number,
  random: () => number,
  pace: Pace = usualPace,
): number | null {
  if (watch.toldAt !== null) return null
  const wanted = watch.agreed > 0 ? pace.least : paceOf(diagnosis, pace) * slower(watch, diagnosis, now)
  const within = Math.min(pace.most, Math.max(pace.least, wanted))
  return Math.round(now + within * (1 + phase * random()))
}

function paceOf(diagnosis: Diagnosis | null, { first }: Pace): number {
  const lives = (diagnosis?.records ?? []).flatMap((record) =>
    diagnosis === null
      ? []
      : authoritativeAnswers(diagnosis, record)
          .filter(({ verdict }) => verdict !== 'correct' && verdict !== 'error')
          .flatMap(({ records }) => records.map(({ ttl }) => (ttl === null ? first : ttl * 1000))),
  )
  return lives.length === 0 ? first : Math.min(...lives)
}

/** Since the pin, or since a verdict was first found. */
function slower(watch: DnsWatch, diagnosis: Diagnosis | null, now: number): number {
  const changes = (diagnosis?.records ?? []).map(({ since }) => since)
  const changedAt = Math.max(watch.since, ...changes)
  const quiet = Math.floor(Math.max(0, now - changedAt) / day)
  return 2 ** Math.min(quiet, quietDays)
}
