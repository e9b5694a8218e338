import type { Look } from '../../../preload/dns-shapes.ts'
import type { DnsReply, NoReply } from '../wire/ask.ts'
import { type Question, unread } from '../zone/view.ts'
import type { Errand } from './gate.ts'
import type { Resolver } from './resolver.ts'
import { saidBy, saidByResolver, troubleOfChain } from './said.ts'
import { withChain } from './walk.ts'

/** What a server said, and for a resolver what it makes of the signatures. */
export type Told = { look: Look; tookMs: number; dnssec: 'validated' | 'broken' | null }

/**
 * What one server of a zone says. Where it leads elsewhere, by a CNAME or by a delegation to a zone below, the name is
 * asked for there.
 */
export async function askAuthoritative(
  resolver: Resolver,
  errand: Errand,
  { zone, address }: { zone: string; address: string },
  question: Question,
): Promise<Told> {
  const { signal, purse } = errand
  const reply = await resolver.ask(address, question, errand)
  const said = saidBy(reply, question, zone)
  const told = (look: Look): Told => ({ look, tookMs: reply.tookMs, dnssec: null })
  if (said.kind === 'look') return told(said.look)
  const { name, type } = question
  if (said.kind === 'referral') return told(await resolver.lookup(name, type, signal, { purse, fresh: true }))
  const end = said.chain.at(-1) ?? name
  const beyond = await resolver.lookup(end, type, signal, { purse })
  return told(joined(name, said.chain, beyond))
}

function joined(name: string, before: readonly string[], beyond: Look): Look {
  const chain = [...before]
  for (const next of beyond.chain) {
    const trouble = troubleOfChain(name, chain, next)
    if (trouble !== null) return unread(trouble, chain)
    chain.push(next)
  }
  return withChain(beyond, chain)
}

/**
 * What a public resolver says. A SERVFAIL that it takes back when it need not validate (RFC 4035 3.2.2), and repeats
 * when it must, is DNSSEC's: any other failure could have passed between two questions.
 */
export async function askPublic(
  resolver: Resolver,
  errand: Errand,
  address: string,
  question: Question,
): Promise<Told> {
  const recursion = true
  const ask = (checkingDisabled: boolean) =>
    resolver.ask(address, question, errand, { recursion, checkingDisabled })
  const told = (reply: DnsReply | NoReply): Told => ({
    look: saidByResolver(reply, question),
    tookMs: reply.tookMs,
    dnssec: reply.kind === 'reply' && reply.validated ? 'validated' : null,
  })
  const first = told(await ask(false))
  if (first.look.reason !== 'servfail') return first
  const unchecked = told(await ask(true))
  if (unchecked.look.state === 'unread') return first
  const again = told(await ask(false))
  if (again.look.reason !== 'servfail') return again
  return { ...again, look: unread('dnssec'), dnssec: 'broken' }
}
