import type { UnreadReason } from '../../../preload/dns-shapes.ts'
import { isWithin } from '../zone/names.ts'
import { createFlights, type Trip } from './flights.ts'
import { createMemory } from './memory.ts'
import { type Cut, isOwn, namesOf, type Said } from './said.ts'
import { labelsOf, remembered, stepsTo, type Zone } from './zone.ts'
import type { ZoneServers } from './zone-servers.ts'

/** The zone that holds a name; `absent`: it says that there is no such name. */
export type Walked =
  | { kind: 'held'; zone: Zone; absent: boolean }
  | { kind: 'unread'; reason: UnreadReason; zone: Zone }

/** What is found on the way down; a zone that is null is the one that was asked. */
type Step = { kind: 'held'; zone: Zone | null; absent: boolean } | { kind: 'unread'; reason: UnreadReason }

export type Steps = {
  /** From the root to the zone that holds a name. `fresh`: what is below a top-level domain is asked, not remembered. */
  walk(name: string, trip: Trip, fresh: boolean): Promise<Walked>
  /** Keeps in mind a delegation that was met on another way. */
  remember(cut: Cut, above: Zone, ttl: number): Zone
}

const isUseless = (step: Step): boolean => step.kind === 'unread' && isOwn(step.reason)

/** Goes down from the root name by name (RFC 9156), so that what many names have in common is asked once. */
export function createSteps(servers: ZoneServers, root: () => Zone, now: () => number): Steps {
  const known = createMemory<Step>(now, remembered)
  const join = createFlights<Step>({
    aborted: { kind: 'unread', reason: 'deadline' },
    loop: { kind: 'unread', reason: 'not-asked' },
    isOwn: isUseless,
  })

  function remember(cut: Cut, above: Zone, ttl: number): Zone {
    const zone = { ...cut, above }
    known.keep(cut.name, { kind: 'held', zone, absent: false }, ttl)
    return zone
  }

  async function take(next: string, from: Zone, trip: Trip): Promise<Step> {
    let zone = from
    for (;;) {
      const said = await servers.askZone(zone, { name: next, type: 'NS' }, trip)
      const cut = cutOf(said, next)
      if (cut !== null) {
        zone = remember(cut, zone, said.ttl)
        if (cut.name === next) return { kind: 'held', zone, absent: false }
        continue
      }
      const step = withoutCut(said, zone === from ? null : zone)
      if (step.kind === 'held') known.keep(next, step, said.ttl)
      return step
    }
  }

  async function walk(name: string, trip: Trip, fresh: boolean): Promise<Walked> {
    let zone = root()
    let absent = false
    for (const next of stepsTo(name)) {
      // Some servers deny a name that has names below it, which RFC 8020 2 forbids: only the last one counts.
      if ((absent && next !== name) || isWithin(zone.name, next)) continue
      const from = zone
      const step =
        (fresh && labelsOf(next) > 1 ? undefined : known.get(next)) ??
        (await join(next, trip, (inner) => take(next, from, inner)))
      if (step.kind === 'unread') return { kind: 'unread', reason: step.reason, zone }
      zone = step.zone ?? zone
      absent = step.absent
    }
    return { kind: 'held', zone, absent }
  }

  return { walk, remember }
}

function cutOf(said: Said, next: string): Cut | null {
  if (said.kind === 'referral') return said.cut
  if (said.kind === 'leads' || said.look.state !== 'found' || said.look.chain.length > 0) return null
  // The server holds both zones, so that what it answers is the lower one's.
  return { name: next, nameServers: namesOf(said.look.records), glue: said.glue }
}

/** An alias is a name of this zone, at which none begins. */
function withoutCut(said: Said, zone: Zone | null): Step {
  if (said.kind !== 'look') return { kind: 'held', zone, absent: false }
  const { state, reason, chain } = said.look
  if (state === 'unread') return { kind: 'unread', reason: reason ?? 'malformed' }
  return { kind: 'held', zone, absent: state === 'no-name' && chain.length === 0 }
}
