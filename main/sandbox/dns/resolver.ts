import type { Answer } from 'dns-packet'
import { bare } from '../zone.ts'
import { type Authority, type Question, type Reply, reply } from './authority.ts'
import type { Catalogue, Held } from './catalogue.ts'

type Found = { reply: Reply; zones: readonly Held[] }
type Kept = { found: Found; at: number; lifetimeS: number }

const longestChain = 12
/** Seconds that an answer is kept at most, so that training does not wait for hours. */
const longestLifeS = 300
const mostKept = 10_000

/** RFC 8914: a validation that failed, and a zone none of whose servers can be reached. */
const dnssecBogus = 6
const noReachableAuthority = 22

/**
 * A public resolver of the simulated tree: recursive, validating, with a cache of its own that honours TTLs, so that
 * what was published before an edit is still seen for a while.
 */
export function createResolver(deps: { catalogue: Catalogue; authority: Authority; now: () => number }) {
  const { catalogue, authority, now } = deps
  const kept = new Map<string, Kept>()

  /** As the servers of a zone are asked one after the other, until one answers. */
  function ask(zone: Held, question: Question): Reply | null {
    for (const server of zone.servers) {
      const said = zone.said(server)
      if (said.mode === 'right') return authority.answerIn(zone, said, question)
    }
    return null
  }

  function find(question: Question): Found {
    const answers: Answer[] = []
    const zones: Held[] = []
    let name = question.name
    for (let links = 0; links < longestChain; links += 1) {
      const isDs = question.type === 'DS'
      const asked = bare(name)
      const zone = catalogue.enclosing(asked, (held) => !isDs || asked === '' || held.apex !== asked)
      if (zone === null) break
      zones.push(zone)
      const said = ask(zone, { name, type: question.type })
      // It delegates to somebody whom nobody knows.
      const isReferral = said?.rcode === 'NOERROR' && !said.authoritative
      if (said === null || isReferral) break
      answers.push(...said.answers)
      const last = said.answers.at(-1)
      const goesOn = last?.type === 'CNAME' && question.type !== 'CNAME' && said.authorities.length === 0
      if (!goesOn) return { reply: { ...said, authoritative: false, answers }, zones }
      name = last.data
    }
    return { reply: reply('SERVFAIL', { extended: noReachableAuthority }), zones }
  }

  function look(question: Question): Kept {
    const key = `${question.type} ${bare(question.name)}`
    const known = kept.get(key)
    if (known !== undefined && now() < known.at + known.lifetimeS * 1000) return known
    kept.delete(key)
    const found = find(question)
    const records = [...found.reply.answers, ...found.reply.authorities]
    const lifetimeS = Math.min(longestLifeS, ...records.map(ttlOf))
    const fresh = { found, at: now(), lifetimeS: records.length === 0 ? 0 : lifetimeS }
    if (fresh.lifetimeS === 0) return fresh
    kept.set(key, fresh)
    const [oldest] = kept.keys()
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
    return fresh
  }

  return {
    /** `checkingDisabled`: the data of a zone is wanted though its signatures are wrong (RFC 4035 3.2.2). */
    answer(question: Question, { checkingDisabled }: { checkingDisabled: boolean }): Reply {
      const { found, at } = look(question)
      const { reply: said, zones } = found
      if (!checkingDisabled && zones.some((zone) => zone.dnssec === 'broken')) {
        return reply('SERVFAIL', { extended: dnssecBogus })
      }
      const aged = (records: readonly Answer[]) => records.map((record) => withAge(record, now() - at))
      const validated =
        !checkingDisabled && zones.length > 0 && zones.every((zone) => zone.dnssec === 'signed')
      return { ...said, answers: aged(said.answers), authorities: aged(said.authorities), validated }
    },
    forget: () => kept.clear(),
  }
}
export type Resolver = ReturnType<typeof createResolver>

const ttlOf = (record: Answer): number => ('ttl' in record ? (record.ttl ?? 0) : 0)

const withAge = (record: Answer, ageMs: number): Answer =>
  'ttl' in record
    ? { ...record, ttl: Math.max(0, Math.min(longestLifeS, ttlOf(record)) - Math.floor(ageMs / 1000)) }
    : record
