import type { Domain } from '../domain.ts'
import type { World } from '../world.ts'
import { bare, type DnsRecord } from '../zone.ts'
import { fixedZones, topZone } from './infrastructure.ts'
import { modesOf, publishedOf } from './published.ts'
import { hostOf, type ServerMode } from './servers.ts'

/** What one server says of a zone: an edition of it, or how it does not say. */
export type Said =
  | { mode: 'right'; serial: number; records: readonly DnsRecord[] }
  | { mode: Exclude<ServerMode, 'right' | 'behind'> }

/** A zone that is delegated, whoever asks. */
export type Held = {
  apex: string
  /** The name servers as the zone above names them. */
  servers: readonly string[]
  /** Seconds: of every record, and of saying that there is none. */
  ttl: number
  dnssec: Domain['dnssec']
  said(server: string): Said
}

const fixedSerial = 2026010100
// Short enough that nobody learns by waiting for an hour.
const domainTtl = 300
const fixedTtl = 3600

/** Every zone of the simulated tree: those of the world, and what leads to them. */
export function createCatalogue(world: Pick<World, 'hosted' | 'isAbove'>) {
  function zone(name: string): Held | null {
    const domain = name === '' ? undefined : world.hosted(name)
    if (domain !== undefined) return domain.zone.delegated ? heldOf(domain) : null
    const isTop = name !== '' && !name.includes('.') && world.isAbove(name)
    const fixed = fixedZones.get(name) ?? (isTop ? topZone(name) : undefined)
    if (fixed === undefined) return null
    return {
      apex: name,
      servers: fixed.servers.map((server) => server.name),
      ttl: fixedTtl,
      dnssec: 'unsigned',
      said: () => ({ mode: 'right', serial: fixedSerial, records: fixed.records }),
    }
  }

  return {
    zone,
    /** The closest zone at a name or above it that `suits`; the root suits in the end. */
    enclosing(name: string, suits: (zone: Held) => boolean = () => true): Held | null {
      for (let at: string | null = name; at !== null; at = above(at)) {
        const held = zone(at)
        if (held !== null && suits(held)) return held
      }
      return null
    },
    /** The first zone below `apex` on the way to a name, or at it: where `apex` delegates. */
    cut(apex: string, name: string): Held | null {
      const labels = name === '' ? [] : name.split('.')
      const depth = apex === '' ? 0 : apex.split('.').length
      for (let count = depth + 1; count <= labels.length; count += 1) {
        const held = zone(labels.slice(-count).join('.'))
        if (held !== null) return held
      }
      return null
    },
    /** Whether zones are below a name that itself has none: an empty non-terminal (RFC 8499 7). */
    isAbove: (name: string) => world.isAbove(name) || fixedAbove.has(name),
  }
}
export type Catalogue = ReturnType<typeof createCatalogue>

const fixedAbove = new Set([...fixedZones.keys()].map(above).filter((name) => name !== null))

/** The name one label up; null above the root. */
export function above(name: string): string | null {
  if (name === '') return null
  const dot = name.indexOf('.')
  return dot < 0 ? '' : name.slice(dot + 1)
}

function heldOf(domain: Domain): Held {
  return {
    apex: bare(domain.name),
    servers: hostOf(domain.name).servers.map(({ name }) => name),
    ttl: domainTtl,
    dnssec: domain.dnssec,
    said(server) {
      if (domain.zone.failure !== null)
        return { mode: domain.zone.failure === 'timeout' ? 'silent' : 'servfail' }
      const mode = modesOf(domain).find(({ name }) => name === server)?.mode ?? 'right'
      if (mode !== 'right' && mode !== 'behind') return { mode }
      const { serial, records, before } = publishedOf(domain)
      const older = mode === 'behind' ? before : null
      return { mode: 'right', serial: older?.serial ?? serial, records: older?.records ?? records }
    },
  }
}
