import type { DnsRecord, Look, RecordType } from '../../../preload/dns-shapes.ts'
import { isWithin, parentOf } from './names.ts'
import { found, nothing, unread, type View } from './view.ts'

/** What resolvers in use follow before they give up; a loop is told apart before. */
const longestChain = 16

type Names = ReadonlyMap<string, readonly DnsRecord[]>

/** Records by name; names that only stand above others (RFC 4592 2.2.2, "empty non-terminals") hold none. */
function byName(apex: string, records: readonly DnsRecord[]): Map<string, DnsRecord[]> {
  const names = new Map<string, DnsRecord[]>([[apex, []]])
  for (const record of records) {
    if (!isWithin(record.name, apex)) continue
    for (let name: string | null = record.name; name !== null && !names.has(name); name = parentOf(name))
      names.set(name, [])
    names.get(record.name)?.push(record)
  }
  return names
}

/** Whether a name is at or below one that the zone hands to other servers (RFC 1034 4.2.1). */
function isHandedOn(names: Names, apex: string, name: string, type: RecordType): boolean {
  for (let at: string | null = name; at !== null && at !== apex; at = parentOf(at)) {
    // A cut's DS is the parent's own (RFC 4035 3.1.4.1).
    if (type === 'DS' && at === name) continue
    if (names.get(at)?.some((record) => record.type === 'NS')) return true
  }
  return false
}

/** What stands at a name: its own records, else those of the wildcard of its closest encloser (RFC 4592 3.3.1). */
function standing(names: Names, name: string): { records: readonly DnsRecord[]; wildcard: boolean } | null {
  const own = names.get(name)
  if (own !== undefined) return { records: own, wildcard: false }
  let encloser = parentOf(name)
  while (encloser !== null && !names.has(encloser)) encloser = parentOf(encloser)
  const star = encloser === null ? undefined : names.get(encloser === '' ? '*' : `*.${encloser}`)
  return star === undefined ? null : { records: star.map((record) => ({ ...record, name })), wildcard: true }
}

/** What another zone says at the end of CNAMEs that led there. */
function onwards(chain: string[], said: Look | undefined): Look {
  if (said === undefined) return unread('not-asked', chain)
  const whole = [...chain, ...said.chain]
  return new Set(whole).size < whole.length ? unread('cname-loop', whole) : { ...said, chain: whole }
}

/**
 * A zone that need not exist anywhere, seen as its server would answer: CNAMEs are followed (RFC 1034 4.3.2), wildcards
 * and names that only stand above others count (RFC 4592). `elsewhere` is asked for what is not in it: other zones,
 * and what it hands on; at the end of a CNAME, what nobody asked there is `unread`, `not-asked`.
 * @param apex the zone's name. Records outside it are ignored.
 */
export function viewOfZone(apex: string, records: readonly DnsRecord[], elsewhere?: View): View {
  const names = byName(apex, records)

  const isElsewhere = (name: string, type: RecordType) =>
    !isWithin(name, apex) || isHandedOn(names, apex, name, type)

  function follow(name: string, type: RecordType, chain: string[], starred: boolean): Look {
    if (chain.length > 0 && isElsewhere(name, type)) return onwards(chain, elsewhere?.look(name, type))
    const there = standing(names, name)
    if (there === null) return nothing('no-name', chain)
    const wildcard = starred || there.wildcard
    const matching = there.records.filter((record) => record.type === type)
    if (matching.length > 0) return found(matching, chain, wildcard)
    const alias = there.records.find((record) => record.type === 'CNAME')
    if (alias === undefined) return { ...nothing('no-data', chain), wildcard }
    if (chain.includes(alias.value) || alias.value === name) return unread('cname-loop', chain)
    if (chain.length >= longestChain) return unread('cname-too-long', chain)
    return follow(alias.value, type, [...chain, alias.value], wildcard)
  }

  return {
    look: (name, type) =>
      isElsewhere(name, type) ? elsewhere?.look(name, type) : follow(name, type, [], false),
  }
}
