import type { Look, UnreadReason } from '../../../preload/dns-shapes.ts'
import type { Trip } from './flights.ts'
import { mostNameServers, namesOf } from './said.ts'
import type { Walk } from './walk.ts'
import { inOrder, labelsOf, type Zone } from './zone.ts'
import type { Addresses } from './zone-servers.ts'

/** A name server of a zone, by one of its addresses; `trouble` says why it has none: null, there is none. */
export type AuthorityServer =
  | { name: string; address: string }
  | { name: string; address: null; trouble: UnreadReason | null }

export type Authority =
  | {
      state: 'delegated'
      zone: string
      /** The parent zone's, then the zone's own names of its servers; null: it could not be read. */
      parentNs: string[]
      childNs: string[] | null
      servers: AuthorityServer[]
      dsAtParent: Look
    }
  /** The top-level domain, `parent`, says that there is no such domain. */
  | { state: 'not-delegated'; parent: string }
  /** The servers of `parent` could not be read. */
  | { state: 'unread'; parent: string; reason: UnreadReason }

/** Addresses of one zone that are asked, whatever its name servers' names lead to. */
const mostAddresses = 20

/** The zone that holds a domain and the servers that answer for it, asked afresh at the zone's parent. */
export async function authorityOf(walk: Walk, domain: string, trip: Trip): Promise<Authority> {
  const walked = await walk.walk(domain, trip, true)
  if (walked.kind === 'unread') return { state: 'unread', parent: walked.zone.name, reason: walked.reason }
  const { zone } = walked
  if (zone.above === null || (zone.name !== domain && labelsOf(zone.name) === 1))
    return { state: 'not-delegated', parent: zone.name }
  const [dsAtParent, childNs] = await Promise.all([
    lookOf(walk, zone.above, { name: zone.name, type: 'DS' }, trip),
    lookOf(walk, zone, { name: zone.name, type: 'NS' }, trip),
  ])
  const child = childNs.state === 'unread' ? null : namesOf(childNs.records)
  const names = [...new Set([...zone.nameServers, ...(child ?? [])])].toSorted()
  const servers = await Promise.all(
    names.slice(0, mostNameServers).map((name) => serversOf(walk, zone, name, trip)),
  )
  return {
    state: 'delegated',
    zone: zone.name,
    parentNs: zone.nameServers,
    childNs: child,
    servers: servers.flat().slice(0, mostAddresses),
    dsAtParent,
  }
}

async function lookOf(
  walk: Walk,
  zone: Zone,
  question: { name: string; type: 'DS' | 'NS' },
  trip: Trip,
): Promise<Look> {
  const said = await walk.askZone(zone, question, trip)
  return said.kind === 'look' ? said.look : walk.lookup(question, trip)
}

async function serversOf(walk: Walk, zone: Zone, name: string, trip: Trip): Promise<AuthorityServer[]> {
  const glue = zone.glue.get(name)
  const found: Addresses =
    glue === undefined ? await walk.addressesOf(name, trip) : { state: 'found', addresses: inOrder(glue) }
  if (found.state === 'found') return found.addresses.map((address) => ({ name, address }))
  // A name that leads back to itself leads nowhere.
  const reason = found.state === 'unread' && found.reason !== 'not-asked' ? found.reason : null
  return [{ name, address: null, trouble: reason }]
}
