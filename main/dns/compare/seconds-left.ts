import type { Look } from '../../../preload/dns-shapes.ts'
import type { ZoneReading } from '../read/reading.ts'
import { questionKey } from '../zone/view.ts'

/** What resolvers keep of a denial at most, in seconds, where its zone does not say (RFC 2308 5). */
const longestDenial = 10_800

/**
 * For how many seconds a public resolver may still give an answer: what is left of its TTL, as it tells; of a denial,
 * which does not tell, at most what the zone allows (RFC 2308 5).
 */
export function secondsLeft({ everywhere, delegation, domain }: ZoneReading, look: Look): number {
  if (look.records.length > 0) return Math.max(...look.records.map(({ ttl }) => ttl ?? 0))
  const soas = everywhere[questionKey({ name: delegation.zone ?? domain, type: 'SOA' })] ?? []
  const kept = soas
    .flatMap((answered) => answered.look.records)
    .map(({ ttl, value }) => {
      const minimum = Number(value.split(/\s+/).at(-1))
      return Math.min(ttl ?? longestDenial, Number.isFinite(minimum) ? minimum : longestDenial)
    })
  return kept.length > 0 ? Math.max(...kept) : longestDenial
}
