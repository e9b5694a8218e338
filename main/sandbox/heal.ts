import { publish } from './dns/published.ts'
import type { Domain } from './domain.ts'
import { customHosts } from './populate.ts'
import { rightRecords } from './records.ts'

/**
 * Publishes exactly the right DNS records of a domain, as if its owner had, at name servers that
 * are all right; dimail's own servers stay as they are.
 */
export function heal(domain: Domain): void {
  const records = [...rightRecords(domain.wanted), ...customHosts(domain)]
  domain.servers.clear()
  domain.dnssec = 'unsigned'
  publish(domain, { delegated: true, failure: null, records })
  for (const [key, check] of domain.foreign) {
    if (!check.internal) domain.foreign.set(key, { ...check, errors: [] })
  }
}
