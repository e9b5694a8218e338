import type { Answer } from 'dns-packet'
import { bare, nodeAt, ofType } from '../zone.ts'
import type { Catalogue, Held, Said } from './catalogue.ts'
import { answerOf } from './data.ts'
import { addressesOf } from './infrastructure.ts'

/** A question; its name as it was asked, in whatever case. */
export type Question = { name: string; type: string }

/** What a server answers, before it is put into a packet. */
export type Reply = {
  rcode: 'NOERROR' | 'SERVFAIL' | 'NXDOMAIN' | 'REFUSED'
  authoritative: boolean
  answers: Answer[]
  authorities: Answer[]
  additionals: Answer[]
  /** What the error means (RFC 8914). */
  extended: number | null
  validated: boolean
}

export const reply = (rcode: Reply['rcode'], more: Partial<Reply> = {}): Reply => ({
  ...{ rcode, authoritative: false, answers: [], authorities: [], additionals: [] },
  ...{ extended: null, validated: false },
  ...more,
})

type Edition = Extract<Said, { mode: 'right' }>
const longestChain = 16
const isWithin = (name: string, zone: string) => zone === '' || name === zone || name.endsWith(`.${zone}`)

/** What the name servers of the simulated tree answer, each of what it holds. */
export function createAuthority(catalogue: Catalogue) {
  /** What a server answers by itself; null: it keeps silent. */
  function answer(server: string, question: Question): Reply | null {
    const zone = zoneFor(server, bare(question.name), question.type)
    if (zone === null) return reply('REFUSED')
    const said = zone.said(server)
    switch (said.mode) {
      case 'silent':
        return null
      case 'servfail':
        return reply('SERVFAIL')
      case 'refuses':
        return reply('REFUSED')
      case 'lame':
        // Points upward, as servers that never heard of a zone once did.
        return reply('NOERROR', { authorities: delegationOf(catalogue.zone('')) })
      case 'right':
        return answerIn(zone, said, question)
    }
  }

  /** The closest zone that the server holds; a DS is the zone above's to give (RFC 4035 3.1.4.1). */
  function zoneFor(server: string, name: string, type: string): Held | null {
    const holds = (zone: Held) => zone.servers.includes(server)
    const parents =
      type === 'DS' ? catalogue.enclosing(name, (zone) => zone.apex !== name && holds(zone)) : null
    return parents ?? catalogue.enclosing(name, holds)
  }

  /** What a zone says of a name within it, CNAMEs followed as far as it goes (RFC 1034 4.3.2). */
  function answerIn(zone: Held, edition: Edition, question: Question): Reply {
    const answers: Answer[] = []
    const met = new Set<string>()
    let owner = question.name === '.' ? '' : question.name.replace(/\.$/, '')
    while (met.size <= longestChain) {
      const name = bare(owner)
      met.add(name)
      const referral = referralAt(zone, edition, name, question.type)
      if (referral !== null)
        return reply('NOERROR', { ...referral, authoritative: answers.length > 0, answers })
      const node = nodeAt(edition.records, relative(name, zone.apex))
      const found = recordsAt(zone, edition, owner, question.type)
      answers.push(...found)
      if (found.length > 0) break
      const alias = ofType(node, 'cname').flatMap(
        (record) => answerOf(owner || '.', zone.ttl, record) ?? [],
      )[0]
      if (alias?.type !== 'CNAME') {
        const exists = node.exists || catalogue.isAbove(name) || catalogue.zone(name) !== null
        const authorities = [soaOf(zone, edition)]
        return reply(exists ? 'NOERROR' : 'NXDOMAIN', { authoritative: true, answers, authorities })
      }
      answers.push(alias)
      owner = alias.data
      if (!isWithin(bare(owner), zone.apex) || met.has(bare(owner))) break
    }
    return reply('NOERROR', { authoritative: true, answers })
  }

  /** Where the zone delegates on the way to a name: to a zone of the tree, or to servers that its records name. */
  function referralAt(zone: Held, edition: Edition, name: string, type: string) {
    const cut = catalogue.cut(zone.apex, name)
    if (cut !== null && !(cut.apex === name && type === 'DS')) {
      return { authorities: delegationOf(cut), additionals: glue(cut.servers, zone.apex) }
    }
    for (let at = name; at !== zone.apex && isWithin(at, zone.apex); at = at.slice(at.indexOf('.') + 1)) {
      const records = edition.records.filter((one) => bare(one.target) === relative(at, zone.apex))
      const authorities = ofType({ exists: true, records }, 'ns').flatMap(
        (record) => answerOf(at, zone.ttl, record) ?? [],
      )
      if (authorities.length > 0 && !(at === name && type === 'DS')) return { authorities, additionals: [] }
      if (!at.includes('.')) break
    }
    return null
  }

  function recordsAt(zone: Held, edition: Edition, owner: string, type: string): Answer[] {
    const name = bare(owner)
    const node = nodeAt(edition.records, relative(name, zone.apex))
    const wanted = type === 'ANY' ? node.records : ofType(node, type)
    const found = wanted.flatMap((record) => answerOf(owner || '.', zone.ttl, record) ?? [])
    if (type === 'DS') return dsOf(catalogue.zone(name), owner)
    if (name !== zone.apex) return found
    const isAll = type === 'ANY'
    const soa = type === 'SOA' || isAll ? [soaOf(zone, edition, owner)] : []
    // Its own name servers, unless the zone names others than the one above it does.
    const names = ofType(node, 'ns').length === 0 && (type === 'NS' || isAll)
    return [...soa, ...(names ? delegationOf(zone, owner) : []), ...found]
  }

  return { answer, answerIn }
}
export type Authority = ReturnType<typeof createAuthority>

const relative = (name: string, apex: string): string =>
  name === apex ? '' : apex === '' ? name : name.slice(0, -apex.length - 1)

const delegationOf = (zone: Held | null, owner = zone?.apex ?? ''): Answer[] =>
  (zone?.servers ?? []).map((data) => ({ name: owner || '.', type: 'NS', ttl: zone?.ttl ?? 0, data }))

/** The addresses of those servers whose names are below the zone that tells of them (RFC 9471). */
const glue = (servers: readonly string[], apex: string): Answer[] =>
  servers
    .filter((server) => isWithin(server, apex))
    .flatMap((name) =>
      addressesOf(name).map(
        (data): Answer => ({ name, type: data.includes(':') ? 'AAAA' : 'A', ttl: 3600, data }),
      ),
    )

/** A zone that is signed, well or badly, has a DS; of what key, nobody here looks. */
function dsOf(zone: Held | null, owner: string): Answer[] {
  if (zone === null || zone.dnssec === 'unsigned') return []
  const data = { keyTag: 20_326, algorithm: 13, digestType: 2, digest: Buffer.alloc(32, zone.apex) }
  return [{ name: owner, type: 'DS', ttl: zone.ttl, data }]
}

function soaOf(zone: Held, { serial }: Edition, owner = zone.apex): Answer {
  const [mname = ''] = zone.servers
  const rname = `hostmaster.${mname.split('.').slice(-2).join('.')}`
  const times = { refresh: 3600, retry: 600, expire: 1_209_600, minimum: Math.min(zone.ttl, 300) }
  return { name: owner || '.', type: 'SOA', ttl: times.minimum, data: { mname, rname, serial, ...times } }
}
