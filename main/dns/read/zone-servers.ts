import type { Look, RecordType, UnreadReason } from '../../../preload/dns-shapes.ts'
import type { Question } from '../zone/view.ts'
import { anyServer, isUnderstood } from './any-server.ts'
import type { Trip } from './flights.ts'
import type { Gate } from './gate.ts'
import { createMemory } from './memory.ts'
import { isOwn, type Said, saidBy, saidNothing } from './said.ts'
import { inOrder, type Zone } from './zone.ts'

export type Addresses =
  | { state: 'found' | 'none'; addresses: string[] }
  | { state: 'unread'; reason: UnreadReason; addresses: [] }

/** `fresh`: an answer that is remembered is no answer. */
export type Lookup = (question: Question, trip: Trip, fresh?: boolean) => Promise<Look>

export type ZoneServers = {
  /** Asks the servers of a zone, one after the other, until one can be understood. */
  askZone(zone: Zone, question: Question, trip: Trip): Promise<Said>
  /** Where a name server is. A name that leads back to itself is `not-asked`. */
  addressesOf(nameServer: string, trip: Trip): Promise<Addresses>
}

const troubledKept = { entries: 1000, leastSeconds: 60, mostSeconds: 60 }
/** Name servers whose names are in zones whose name servers are in zones …: so far and no further. */
const mostDepth = 6
/** Names of one zone's servers that are looked up when any one server will do: a referral can name any number. */
const mostLookedUp = 4
/** One after the other, two that are dead would take the time of the whole reading. */
const atOnce = 2

/** The servers of any zone, those that failed within the last minute asked last. */
export function createZoneServers(gate: Gate, lookup: Lookup, now: () => number): ZoneServers {
  const troubled = createMemory<true>(now, troubledKept)
  const isTroubled = (address: string) => troubled.get(address) !== undefined
  let turn = 0

  /** Each of the good ones is first in its turn. */
  function bySuccess(addresses: readonly string[]): string[] {
    const good = addresses.filter((address) => !isTroubled(address))
    const first = good.length === 0 ? 0 : turn++ % good.length
    return [...good.slice(first), ...good.slice(0, first), ...addresses.filter(isTroubled)]
  }

  async function askOne(address: string, question: Question, zone: string, trip: Trip): Promise<Said> {
    const said = saidBy(await gate(address, question, trip), question, zone)
    const reason = said.kind === 'look' ? said.look.reason : null
    if (reason !== null && !isOwn(reason)) troubled.keep(address, true, 0)
    return said
  }

  async function askZone(zone: Zone, question: Question, trip: Trip): Promise<Said> {
    const askAt = (addresses: readonly string[]) =>
      anyServer(bySuccess(addresses), (address) => askOne(address, question, zone.name, trip))
    let last = await askAt([...zone.glue.values()].flat())
    if (last !== null && isUnderstood(last)) return last
    const others = zone.nameServers.filter((name) => !zone.glue.has(name)).slice(0, mostLookedUp)
    for (let from = 0; from < others.length; from += atOnce) {
      const found = await Promise.all(
        others.slice(from, from + atOnce).map((name) => addressesOf(name, trip)),
      )
      const said = await askAt(inOrder(found.flatMap(({ addresses }) => addresses)))
      if (said !== null && isUnderstood(said)) return said
      last = said ?? last ?? saidNothing(found.map(whyNot).find((reason) => reason !== null) ?? 'unreachable')
    }
    return last ?? saidNothing('unreachable')
  }

  async function addressesOf(nameServer: string, trip: Trip): Promise<Addresses> {
    if (trip.depth >= mostDepth) return { state: 'unread', reason: 'not-asked', addresses: [] }
    const deeper = { ...trip, depth: trip.depth + 1 }
    const types: RecordType[] = ['A', 'AAAA']
    const looks = await Promise.all(types.map((type) => lookup({ name: nameServer, type }, deeper)))
    const addresses = looks.flatMap(({ records }) => records.map(({ value }) => value))
    if (addresses.length > 0) return { state: 'found', addresses: inOrder(addresses) }
    const reason = looks.find(({ state }) => state === 'unread')?.reason
    return reason ? { state: 'unread', reason, addresses: [] } : { state: 'none', addresses: [] }
  }

  return { askZone, addressesOf }
}

const whyNot = (found: Addresses): UnreadReason | null => (found.state === 'unread' ? found.reason : null)
