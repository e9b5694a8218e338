import { parentOf } from '../zone/names.ts'
import type { Cut } from './said.ts'

export type RootServer = { name: string; address: string }

/** A zone as it was delegated, and the zone that delegates it; null: of the root. */
export type Zone = Cut & { above: Zone | null }

export function rootZone(roots: readonly RootServer[]): Zone {
  const names = [...new Set(roots.map(({ name }) => name))]
  const glue = new Map(
    names.map((name) => [name, roots.filter((root) => root.name === name).map(({ address }) => address)]),
  )
  return { name: '', nameServers: names, glue, above: null }
}

/** A zone is remembered for an hour at most, so that what is mended is seen the same day (docs/dns.md). */
export const remembered = { entries: 5000, leastSeconds: 30, mostSeconds: 3600 }

export const labelsOf = (name: string): number => (name === '' ? 0 : name.split('.').length)

/** How many names are asked for one after the other on the way to a name; the last one is the name itself. */
const mostSteps = 10

/** From the top: `fr`, `ville.fr`, `mail.ville.fr` (RFC 9156 2.3 bounds them as well). */
export function stepsTo(name: string): string[] {
  const names: string[] = []
  for (let at: string | null = name; at !== null && at !== ''; at = parentOf(at)) names.unshift(at)
  return names.length <= mostSteps ? names : [...names.slice(0, mostSteps - 1), name]
}

const isV6 = (address: string): boolean => address.includes(':')

/** IPv4 first, then by value: the order of a server's answer says nothing. */
export const inOrder = (addresses: readonly string[]): string[] =>
  [...new Set(addresses)].toSorted(
    (a, b) => Number(isV6(a)) - Number(isV6(b)) || (a < b ? -1 : Number(a > b)),
  )
