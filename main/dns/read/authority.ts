import type { Look, UnreadReason } from '../../../preload/dns-shapes.ts'
import { unread } from '../zone/view.ts'
import type { Trip } from './flights.ts'
import type { Walk } from './walk.ts'
import { inOrder, labelsOf, type Zone } from './zone.ts'

/** A name server of a zone, by one of its addresses; `trouble` says why it has none: null, there is none. */
export type AuthorityServer =
  | { name: string; address: string }
  | { name: string; address: null; trouble: UnreadReason | null }

export type Authority =
  | {
      state: 'delegated'
      zone: string
      /** The parent zone's names of its servers, and where those are. */
      parentNs: string[]
      servers: AuthorityServer[]
      dsAtParent: Look
    }
  /** The registry's zone, `parent`, says that there is no such domain. */
  | { state: 'not-delegated'; parent: string }
  /** The servers of `parent` could not be read. */
  | { state: 'unread'; parent: string; reason: UnreadReason }

/** Addresses of one zone that are asked, whatever its name servers' names lead to. */
export const mostAddresses = 20

/** The zone that holds a domain and the servers that answer for it, asked afresh at the zone's parent. */
export async function authorityOf(walk: Walk, domain: string, trip: Trip): Promise<Authority> {
  const walked = await walk.walk(domain, trip, true)
  if (walked.kind === 'unread') return { state: 'unread', parent: walked.zone.name, reason: walked.reason }
  const { zone } = walked
  if (zone.above === null || (zone.name !== domain && isRegistrys(zone)))
    return { state: 'not-delegated', parent: zone.name }
  const [dsAtParent, ...servers] = await Promise.all([
    dsOf(walk, zone.above, zone.name, trip),
    ...zone.nameServers.map((name) => serversOf(walk, zone, name, trip)),
  ])
  return {
    state: 'delegated',
    zone: zone.name,
    parentNs: zone.nameServers,
    servers: servers.flat().slice(0, mostAddresses),
    dsAtParent,
  }
}

/** A top-level domain, or a zone below it at the very same servers, as `gouv.fr`: towns register there, and hold no part of it. */
const isRegistrys = ({ name, nameServers, above }: Zone): boolean =>
  labelsOf(name) === 1 ||
  (above !== null &&
    labelsOf(above.name) === 1 &&
    nameServers.every((one) => above.nameServers.includes(one)))

async function dsOf(walk: Walk, parent: Zone, name: string, trip: Trip): Promise<Look> {
  const said = await walk.askZone(parent, { name, type: 'DS' }, trip)
  return said.kind === 'look' ? said.look : unread('malformed')
}

async function serversOf(walk: Walk, zone: Zone, name: string, trip: Trip): Promise<AuthorityServer[]> {
  const glue = zone.glue.get(name)
  return glue === undefined ? locate(walk, name, trip) : inOrder(glue).map((address) => ({ name, address }))
}

/** A name server, once for each of its addresses. */
export async function locate(walk: Walk, name: string, trip: Trip): Promise<AuthorityServer[]> {
  const found = await walk.addressesOf(name, trip)
  if (found.state === 'found') return found.addresses.map((address) => ({ name, address }))
  // A name that leads back to itself leads nowhere.
  const reason = found.state === 'unread' && found.reason !== 'not-asked' ? found.reason : null
  return [{ name, address: null, trouble: reason }]
}
