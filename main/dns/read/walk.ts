import type { Look } from '../../../preload/dns-shapes.ts'
import type { Ask } from '../wire/ask.ts'
import { parentOf } from '../zone/names.ts'
import { found, nothing, type Question, questionKey, unread } from '../zone/view.ts'
import { isUnderstood } from './any-server.ts'
import { createFlights, type Trip } from './flights.ts'
import { createGate, type Gate, parallel } from './gate.ts'
import { createMemory } from './memory.ts'
import { isOwnTrouble, type Said, saidNothing, troubleOfChain } from './said.ts'
import { createSteps, type Steps } from './steps.ts'
import { type RootServer, remembered, rootZone } from './zone.ts'
import { createZoneServers, type Lookup, type ZoneServers } from './zone-servers.ts'

export type WalkParts = { ask: Ask; roots: () => readonly RootServer[]; now: () => number; atOnce?: number }

export type Walk = ZoneServers & Pick<Steps, 'walk'> & { gate: Gate; lookup: Lookup }

/** What could not be read: long enough to spare a dead server (RFC 9520 3.2), short enough to ask again by hand. */
const failuresKept = { entries: 1000, leastSeconds: 10, mostSeconds: 10 }
/** Delegations below one another that one question may be led through. */
const mostCuts = 12

/** Iterative resolution from the roots (RFC 1034 5.3.3), of which only what anybody would find is remembered. */
export function createWalk({ ask, roots, now, atOnce = parallel }: WalkParts): Walk {
  const gate = createGate(ask, atOnce)
  const answers = createMemory<Said>(now, remembered)
  const failures = createMemory<Said>(now, failuresKept)
  const join = createFlights<Said>({
    aborted: saidNothing('deadline'),
    loop: saidNothing('not-asked'),
    isOwn: isOwnTrouble,
  })
  const servers = createZoneServers(gate, lookup, now)
  const { walk, remember } = createSteps(servers, () => rootZone(roots()), now)

  async function resolve({ name, type }: Question, trip: Trip): Promise<Said> {
    // A DS is the parent's (RFC 4035 3.1.4.1).
    const holder = type === 'DS' ? (parentOf(name) ?? '') : name
    const walked = await walk(holder.split('.').slice(-2).join('.'), trip, false)
    if (walked.kind === 'unread') return saidNothing(walked.reason)
    let zone = walked.zone
    for (let cuts = 0; cuts < mostCuts; cuts++) {
      const said = await servers.askZone(zone, { name, type }, trip)
      if (said.kind !== 'referral') return said
      zone = remember(said.cut, zone, said.ttl)
    }
    return saidNothing('not-asked')
  }

  async function find(question: Question, trip: Trip): Promise<Said> {
    const said = await resolve(question, trip)
    if (isUnderstood(said)) answers.keep(questionKey(question), said, said.ttl)
    else if (!isOwnTrouble(said)) failures.keep(questionKey(question), said, 0)
    return said
  }

  /** Through CNAMEs, wherever they lead. */
  async function lookup({ name, type }: Question, trip: Trip, fresh = false): Promise<Look> {
    const chain: string[] = []
    for (;;) {
      const question = { name: chain.at(-1) ?? name, type }
      const key = questionKey(question)
      const said =
        (fresh ? undefined : answers.get(key)) ??
        failures.get(key) ??
        (await join(key, trip, (inner) => find(question, inner)))
      if (said.kind === 'referral') throw new Error('A referral was not followed')
      for (const next of said.kind === 'leads' ? said.chain : said.look.chain) {
        const trouble = troubleOfChain(name, chain, next)
        if (trouble !== null) return unread(trouble, chain)
        chain.push(next)
      }
      if (said.kind === 'look') return withChain(said.look, chain)
    }
  }

  return { ...servers, walk, gate, lookup }
}

/** The same, come to through the names of a chain. */
export function withChain({ state, reason, records }: Look, chain: string[]): Look {
  if (state === 'found') return found(records, chain)
  return state === 'unread' ? unread(reason ?? 'malformed', chain) : nothing(state, chain)
}
