import type { DnsServer, Look, UnreadReason } from '../../../preload/dns-shapes.ts'
import { isWithin } from '../zone/names.ts'
import { firstOf, type Question, questionKey, unread, type View } from '../zone/view.ts'
import type { Round } from './ask-everywhere.ts'
import { askAuthoritative } from './ask-server.ts'
import { paidFor } from './gate.ts'
import type { ZoneReading } from './reading.ts'
import { furthestAhead } from './serial.ts'
import { elsewhereOf, viewOfServer } from './views.ts'
import { markWildcards, probesFor } from './wildcards.ts'

/** What would be asked next, seen from one server. */
export type More = (view: View, zone: string | null) => readonly Question[]

/**
 * An SPF can include any number of others: this many further questions, in this many rounds, and no more. Each round
 * follows a chain by one: enough to see the eleventh look-up, which is one too many (RFC 7208 4.6.4).
 */
export const mostFurther = 150
export const mostRounds = 12
/** Servers of the zone that are tried for a question that one of them is enough for. */
const mostTried = 3

type Found = Pick<ZoneReading, 'everywhere' | 'elsewhere'>

/**
 * Asks one server what need not be asked of all, and then what is wanted after that, until nothing is: by `more`, and
 * to know what is a wildcard's, by the label `probe`.
 */
export async function askElsewhere(
  round: Round & { servers: readonly DnsServer[] },
  everywhere: ZoneReading['everywhere'],
  { once, more, probe }: { once: readonly Question[]; more: More; probe: string },
): Promise<ZoneReading['elsewhere']> {
  const elsewhere: ZoneReading['elsewhere'] = {}
  const found: Found = { everywhere, elsewhere }
  const sources = sourcesOf(round.zone ?? '', round.servers, everywhere)
  const askThese = async (questions: readonly Question[]) => {
    const looks = await Promise.all(questions.map((question) => askOnce(round, sources, question)))
    questions.forEach((question, place) => {
      const look = looks[place]
      if (look !== undefined) elsewhere[questionKey(question)] = paidFor(look, round.errand.purse)
    })
  }
  await askThese(unasked(once, found))
  for (let rounds = 0, left = mostFurther; rounds < mostRounds && !round.errand.signal.aborted; rounds++) {
    const { zone } = round
    const marked = markWildcards(found, probe)
    const wanted = differing(zone ?? round.domain, everywhere).flatMap((server) =>
      more(firstOf(viewOfServer(marked, server), elsewhereOf(marked)), zone),
    )
    const probes = zone === null ? [] : probesFor(found, zone, probe)
    const next = unasked([...probes, ...wanted], found).slice(0, left)
    if (next.length === 0) break
    left -= next.length
    await askThese(next)
  }
  return elsewhere
}

/** Each question once, without those that have been asked. */
function unasked(questions: readonly Question[], { everywhere, elsewhere }: Found): Question[] {
  const byKey = new Map(questions.map((question) => [questionKey(question), question]))
  return [...byKey]
    .filter(([key]) => !(key in everywhere) && !(key in elsewhere))
    .map(([, question]) => question)
}

type Sources = { addresses: string[]; trouble: UnreadReason | null }

/** The servers of the zone that answer anything, the one with the newest version of it first. */
function sourcesOf(
  zone: string,
  servers: readonly DnsServer[],
  everywhere: ZoneReading['everywhere'],
): Sources {
  const soa = everywhere[questionKey({ name: zone, type: 'SOA' })] ?? []
  const own = soa.filter(({ server }) => servers[server]?.role === 'authoritative')
  const good = furthestAhead(own.filter(({ server }) => isHeard(server, everywhere)))
  const addresses = good.flatMap(({ server }) => servers[server]?.address ?? []).slice(0, mostTried)
  return { addresses, trouble: own.find(({ look }) => look.reason !== null)?.look.reason ?? null }
}

/** One that leads round in a circle has answered all the same: where the circle begins is to be asked. */
const isHeard = (server: number, everywhere: ZoneReading['everywhere']): boolean =>
  Object.values(everywhere)
    .flatMap((answers) => answers[server]?.look ?? [])
    .some(({ state, chain }) => state !== 'unread' || chain.length > 0)

/** A name of the zone itself is asked of its own servers, so that what is remembered of it does not count. */
async function askOnce(round: Round, sources: Sources, question: Question): Promise<Look> {
  const { resolver, errand, domain, zone, trouble } = round
  const { signal, purse } = errand
  const { name, type } = question
  if (trouble !== null && isWithin(name, domain)) return unread(trouble)
  if (zone === null || !isWithin(name, zone)) return resolver.lookup(name, type, signal, { purse })
  let last = unread(sources.trouble ?? 'unreachable')
  for (const address of sources.addresses) {
    const { look } = await askAuthoritative(resolver, errand, { zone, address }, question)
    if (look.state !== 'unread') return look
    last = look
  }
  return last
}

/** Servers that say something else each time must not cost the time of the reading. */
const mostViews = 6

/** One server of each group that says the same, from the newest version of the zone on: what follows is the same. */
function differing(zone: string, everywhere: ZoneReading['everywhere']): number[] {
  const bySaid = new Map<string, number>()
  for (const { server } of furthestAhead(everywhere[questionKey({ name: zone, type: 'SOA' })] ?? [])) {
    const looks = Object.values(everywhere).map((answers) => saidAt(answers[server]?.look))
    const said = looks.join('\n')
    if (!bySaid.has(said)) bySaid.set(said, server)
  }
  return [...bySaid.values()].slice(0, mostViews)
}

function saidAt(look: Look | undefined): string {
  if (look === undefined) return ''
  const values = look.records.map(({ type, priority, value }) => JSON.stringify([type, priority, value]))
  return `${look.state} ${look.reason} ${look.chain} ${values.toSorted()}`
}
