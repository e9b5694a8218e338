import type { DnsRecord, Zone } from '../zone.ts'
import { hostOf, type ServerMode } from './servers.ts'

export type Edition = { serial: number; records: readonly DnsRecord[] }
/** The last edition of a zone that was seen, and the one before it. */
export type Published = Edition & { text: string; before: Edition | null }

/** What a domain must tell of itself here. */
export type Publisher = {
  readonly name: string
  zone: Zone
  servers: ReadonlyMap<string, ServerMode>
  published: Published | null
}

const firstSerial = 2026110101

/** What is published of a domain now. Whoever edited it, its serial has grown (RFC 1912 2.2). */
export function publishedOf(domain: Publisher): Published {
  const { records } = domain.zone
  const text = JSON.stringify(records)
  const last = domain.published
  if (last?.text === text) return last
  const copied = records.map((record) => ({ ...record }))
  const next = {
    serial: (last?.serial ?? firstSerial - 1) + 1,
    records: copied,
    text,
    before: last && { serial: last.serial, records: last.records },
  }
  domain.published = next
  return next
}

/** Publishes another zone, so that servers that are behind know the one before it. */
export function publish(domain: Publisher, zone: Zone): void {
  publishedOf(domain)
  domain.zone = zone
  publishedOf(domain)
}

/** How each of its name servers treats the domain, in the order in which they are asked. */
export const modesOf = (domain: Publisher): { name: string; mode: ServerMode }[] =>
  hostOf(domain.name).servers.map(({ name }) => ({ name, mode: domain.servers.get(name) ?? 'right' }))

/** The zone as a resolver finds it: at the first of its name servers that answers. */
export function zoneAsFound(domain: Publisher): Zone {
  const { zone } = domain
  if (domain.servers.size === 0 || zone.failure !== null) return zone
  const modes = modesOf(domain).map(({ mode }) => mode)
  const mode = modes.find((one) => one === 'right' || one === 'behind')
  if (mode === 'right') return zone
  if (mode === 'behind') {
    const { before, records } = publishedOf(domain)
    return { ...zone, records: [...(before?.records ?? records)] }
  }
  return { ...zone, failure: modes.includes('silent') ? 'timeout' : 'servfail' }
}
