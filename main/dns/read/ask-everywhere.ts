import type { DnsServer, UnreadReason } from '../../../preload/dns-shapes.ts'
import { type Question, questionKey, unread } from '../zone/view.ts'
import { askAuthoritative, askPublic, type Told } from './ask-server.ts'
import { type Errand, paidFor } from './gate.ts'
import type { Answered } from './reading.ts'
import type { Resolver } from './resolver.ts'

/** A reading under way. */
export type Round = {
  resolver: Resolver
  errand: Errand
  domain: string
  /** Null when nobody is known to hold the domain; `trouble` is why, when that could not be read. */
  zone: string | null
  trouble: UnreadReason | null
}

export type Everywhere = {
  everywhere: Record<string, Answered[]>
  /** Of the public resolvers: whether one has validated, or refused to give what is wrongly signed. */
  validated: boolean
  broken: boolean
}

/** Whoever did not answer at all is not asked again: every further question would wait as long. */
const silences: ReadonlySet<UnreadReason | null> = new Set<UnreadReason>([
  'timeout',
  'unreachable',
  'no-ipv6',
  'private-address',
  'deadline',
  'not-asked',
])

type Reported = Told & { at: number }

/** What servers said, each to all the questions in their order. */
export type Heard = readonly (readonly Reported[])[]

/** Asks servers every question, the first one first. */
export const askServers = (
  round: Round,
  servers: readonly DnsServer[],
  questions: readonly Question[],
): Promise<Heard> => Promise.all(servers.map((server) => askAll(round, server, questions)))

export function gathered(heard: Heard, questions: readonly Question[]): Everywhere {
  const all = heard.flat()
  const everywhere = questions.map((question, place): [string, Answered[]] => [
    questionKey(question),
    heard.map((told, server) => answered(told[place], server)),
  ])
  return {
    everywhere: Object.fromEntries(everywhere),
    validated: all.some(({ dnssec }) => dnssec === 'validated'),
    broken: all.some(({ dnssec }) => dnssec === 'broken'),
  }
}

function answered(told: Reported | undefined, server: number): Answered {
  if (told === undefined) throw new Error('A server was not asked everything')
  return { server, look: told.look, at: told.at, tookMs: told.tookMs }
}

/** What one server says to all the questions, in their order. */
async function askAll(round: Round, server: DnsServer, questions: readonly Question[]): Promise<Reported[]> {
  const [first, ...others] = questions
  if (first === undefined) return []
  const told = await askOne(round, server, first)
  if (!silences.has(told.look.reason)) {
    return [told, ...(await Promise.all(others.map((question) => askOne(round, server, question))))]
  }
  return questions.map(() => told)
}

async function askOne(round: Round, server: DnsServer, question: Question): Promise<Reported> {
  const { resolver, errand, zone } = round
  const { address, role, trouble } = server
  const ask = (): Told | Promise<Told> => {
    if (address === null) return { look: unread(trouble ?? 'not-asked'), tookMs: 0, dnssec: null }
    if (role === 'public' || zone === null) return askPublic(resolver, errand, address, question)
    return askAuthoritative(resolver, errand, { zone, address }, question)
  }
  const told = await ask()
  return { ...told, look: paidFor(told.look, errand.purse), at: resolver.now() }
}
