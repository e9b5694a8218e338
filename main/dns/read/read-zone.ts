import type { Delegation, DnsServer, Look } from '../../../preload/dns-shapes.ts'
import { type Question, questionKey } from '../zone/view.ts'
import { askElsewhere, type More } from './ask-elsewhere.ts'
import { askServers, type Everywhere, gathered, type Round } from './ask-everywhere.ts'
import { type Authority, type AuthorityServer, mostAddresses } from './authority.ts'
import { delegationFindings } from './delegation-findings.ts'
import { createPurse, createStop } from './gate.ts'
import type { ZoneReading } from './reading.ts'
import type { Resolver } from './resolver.ts'
import { namesOf } from './said.ts'
import { furthestAhead } from './serial.ts'
import { markWildcards } from './wildcards.ts'

export type ReadingTask = {
  domain: string
  /** Asked of each of the domain's servers, and of the public resolvers. */
  everywhere: readonly Question[]
  /** Asked of one server. */
  once: readonly Question[]
  /** What is wanted further, seen from one server, once everything else is answered. */
  more: More
  /** A label that nobody has published, to know wildcards by. */
  probe: string
  signal: AbortSignal
  deadlineMs?: number
}

/** A reading has this long, and this many questions, whatever the servers do. */
const mostMs = 20_000
export const mostQuestions = 400

/**
 * Asks everything about a domain, from the roots down to each address of each of its servers and to the public
 * resolvers. It never fails: what cannot be read is `unread`, for its reason; after the deadline, or once `signal` has
 * aborted, whatever was not answered is `unread('deadline')`.
 */
export async function readZone(resolver: Resolver, task: ReadingTask): Promise<ZoneReading> {
  const { deadlineMs = mostMs } = task
  const stop = createStop()
  const abort = () => stop.abort()
  const timer = setTimeout(abort, deadlineMs)
  task.signal.addEventListener('abort', abort, { once: true })
  if (task.signal.aborted) abort()
  try {
    return markWildcards(await read(resolver, task, stop.signal, deadlineMs / 1000), task.probe)
  } finally {
    clearTimeout(timer)
    task.signal.removeEventListener('abort', abort)
    // Whatever is still on its way has nobody who waits for it.
    abort()
  }
}

async function read(
  resolver: Resolver,
  { domain, everywhere: asked, ...further }: ReadingTask,
  signal: AbortSignal,
  seconds: number,
): Promise<ZoneReading> {
  const at = resolver.now()
  const errand = { signal, purse: createPurse(mostQuestions) }
  const authority = await resolver.authorityOf(domain, signal, errand.purse)
  const zone = authority.state === 'delegated' ? authority.zone : null
  const trouble = authority.state === 'unread' ? authority.reason : null
  const round: Round = { resolver, errand, domain, zone, trouble }
  const questions = withOwnFirst(asked, zone ?? domain)
  const { servers, told } = await askAllServers(round, authority, questions)
  const { everywhere } = told
  const elsewhere = await askElsewhere({ ...round, servers }, everywhere, further)
  const troubled = servers.map((server, place) => ({ ...server, trouble: troubleOf(everywhere, place) }))
  const spent = someOf(everywhere, elsewhere).some(({ reason }) => reason === 'deadline')
  const late = trouble === 'deadline' || spent
  const cutShort = late ? { seconds } : errand.purse.left === 0 ? { questions: mostQuestions } : null
  const child = childNsOf(everywhere, servers, zone)
  const findings = delegationFindings({
    authority,
    child,
    servers: troubled,
    broken: told.broken,
    cutShort,
  })
  return {
    domain,
    at,
    tookMs: Math.max(0, Math.round(resolver.now() - at)),
    delegation: delegationOf(authority, child ?? [], findings),
    servers: troubled,
    everywhere,
    elsewhere,
    dnssec: dnssecOf(authority, told),
  }
}

/** Asks the servers that the parent names and the public ones, then those that only the zone itself names. */
async function askAllServers(
  round: Round,
  authority: Authority,
  questions: readonly Question[],
): Promise<{ servers: DnsServer[]; told: Everywhere }> {
  const { resolver, errand, zone } = round
  const own = authority.state === 'delegated' ? authority.servers.map(serverOf) : []
  const others = resolver.resolvers().map(publicOf)
  const [ofOwn, ofOthers] = await Promise.all([
    askServers(round, own, questions),
    askServers(round, others, questions),
  ])
  const parent = authority.state === 'delegated' ? authority.parentNs : []
  const child = childNsOf(gathered(ofOwn, questions).everywhere, own, zone) ?? []
  const unnamed = child.filter((name) => !parent.includes(name))
  const found = await Promise.all(unnamed.map((name) => resolver.locate(name, errand.signal, errand.purse)))
  const more = found
    .flat()
    .map(serverOf)
    .slice(0, mostAddresses - own.length)
  const ofMore = await askServers(round, more, questions)
  return {
    servers: [...own, ...more, ...others],
    told: gathered([...ofOwn, ...ofMore, ...ofOthers], questions),
  }
}

/** The zone's own names of its servers, as its newest version has them; null: nobody who holds it can be read. */
function childNsOf(
  everywhere: ZoneReading['everywhere'],
  servers: readonly DnsServer[],
  zone: string | null,
): string[] | null {
  if (zone === null) return null
  const told = everywhere[questionKey({ name: zone, type: 'NS' })] ?? []
  const newest = furthestAhead(everywhere[questionKey({ name: zone, type: 'SOA' })] ?? [])
  const looks = newest
    .filter(({ server }) => servers[server]?.role === 'authoritative')
    .flatMap(({ server }) => told[server]?.look ?? [])
  const look = looks.find(({ state }) => state !== 'unread')
  return look === undefined ? null : namesOf(look.records)
}

/** A name that leads to no address is a server that nobody can ask. */
const serverOf = (server: AuthorityServer): DnsServer => ({
  role: 'authoritative',
  name: server.name,
  address: server.address,
  trouble: server.address === null ? (server.trouble ?? 'not-asked') : null,
})

const publicOf = (address: string): DnsServer => ({ role: 'public', name: null, address, trouble: null })

/** Its SOA tells whether a server is there at all, and how far ahead it is; its NS, who else there is. */
function withOwnFirst(questions: readonly Question[], zone: string): Question[] {
  const own: Question[] = [
    { name: zone, type: 'SOA' },
    { name: zone, type: 'NS' },
  ]
  const keys = own.map(questionKey)
  return [...own, ...questions.filter((question) => !keys.includes(questionKey(question)))]
}

/** A server that answers one question can be read, whatever it makes of the others. */
function troubleOf(everywhere: ZoneReading['everywhere'], server: number): DnsServer['trouble'] {
  const looks = Object.values(everywhere).flatMap((answers) => answers[server]?.look ?? [])
  return looks.every(({ state }) => state === 'unread') ? (looks[0]?.reason ?? null) : null
}

const someOf = (everywhere: ZoneReading['everywhere'], elsewhere: ZoneReading['elsewhere']): Look[] => [
  ...Object.values(everywhere).flatMap((answers) => answers.map(({ look }) => look)),
  ...Object.values(elsewhere),
]

function delegationOf(authority: Authority, child: string[], findings: Delegation['findings']): Delegation {
  if (authority.state !== 'delegated')
    return { state: authority.state, zone: null, parent: [], child: [], findings }
  const { state, zone, parentNs } = authority
  return { state, zone, parent: parentNs, child, findings }
}

/** The parent says whether a zone is signed (RFC 4035 5.2); only who validates can say that it is not so rightly. */
function dnssecOf(authority: Authority, { validated, broken }: Everywhere): ZoneReading['dnssec'] {
  if (broken) return 'broken'
  if (validated) return 'signed'
  if (authority.state !== 'delegated') return 'unknown'
  const { state } = authority.dsAtParent
  if (state === 'found') return 'signed'
  return state === 'no-data' ? 'unsigned' : 'unknown'
}
