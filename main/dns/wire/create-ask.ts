import PQueue from 'p-queue'
import type { Question } from '../zone/view.ts'
import type { Ask, AskOptions, DnsReply, NoReply, Reach, ReachOf } from './ask.ts'
import { overTcp } from './over-tcp.ts'
import { type Outcome, overUdp } from './over-udp.ts'
import { encodeQuery, isAskable, type Query } from './packet.ts'

export type Limits = {
  /** One datagram each, and how many milliseconds it is waited for. */
  triesMs: readonly number[]
  /** To be connected over TCP, and for the whole of what is asked over it. */
  connectMs: number
  tcpMs: number
  /** For one question, everything together, once it is its turn. */
  totalMs: number
  /** Questions under way at a time, to all servers together: each has one socket. */
  sockets: number
}

const customaryLimits: Limits = {
  triesMs: [1200, 2000, 3000],
  connectMs: 3000,
  tcpMs: 5000,
  totalMs: 12_000,
  sockets: 128,
}

/** What a server says that does not know EDNS (RFC 6891 7). */
const withoutEdns = ['FORMERR', 'NOTIMP', 'BADVERS']

/**
 * What asks one question of one address: over UDP with EDNS, over TCP when the answer is cut, once more without EDNS
 * for who does not understand it or says nothing. Every code that a server answers with is a reply, for the reader to judge; an answer
 * that is cut and cannot be had whole is none (docs/field.md 2.1: never "missing" when the truth is "cannot be read").
 * `deadline`: the caller's signal; `timeout`: a limit of its own; `not-asked`: what nobody could be asked.
 */
export function createAsk(reach: ReachOf, limits: Partial<Limits> = {}): Ask {
  const within = { ...customaryLimits, ...limits }
  const queue = new PQueue({ concurrency: within.sockets })
  return async (address, question, options) => {
    const place = reach(address)
    if (typeof place === 'string') return { kind: 'none', reason: place, tookMs: 0 }
    if (!isAskable(question.name)) return { kind: 'none', reason: 'not-asked', tookMs: 0 }
    try {
      return await queue.add(() => askWithin(place, question, options, within), { signal: options.signal })
    } catch (error) {
      if (options.signal.aborted) return { kind: 'none', reason: 'deadline', tookMs: 0 }
      throw error
    }
  }
}

async function askWithin(
  reach: Reach,
  question: Question,
  options: AskOptions,
  limits: Limits,
): Promise<DnsReply | NoReply> {
  const from = performance.now()
  const ended = new AbortController()
  const end = () => ended.abort()
  const timer = setTimeout(end, limits.totalMs)
  options.signal.addEventListener('abort', end)
  if (options.signal.aborted) end()
  try {
    const [outcome, over] = await exchange(reach, question, options, limits, ended.signal)
    const tookMs = Math.round(performance.now() - from)
    if (outcome.kind === 'reply') return { ...outcome, over, tookMs }
    if (outcome.kind === 'none') return { kind: 'none', reason: outcome.reason, tookMs }
    return { kind: 'none', reason: options.signal.aborted ? 'deadline' : 'timeout', tookMs }
  } finally {
    clearTimeout(timer)
    options.signal.removeEventListener('abort', end)
  }
}

type Over = DnsReply['over']

async function exchange(
  reach: Reach,
  question: Question,
  options: AskOptions,
  limits: Limits,
  signal: AbortSignal,
): Promise<[Outcome, Over]> {
  const asking = (edns: boolean, triesMs: readonly number[]) =>
    onceOver(reach, encodeQuery(question, options, edns), { ...limits, triesMs }, signal)
  const { triesMs } = limits
  // The last try of several is for who drops what it does not understand: dimail asks without EDNS.
  const [known, last] = triesMs.length > 2 ? [triesMs.slice(0, -1), triesMs.slice(-1)] : [triesMs, []]
  const first = await asking(true, known)
  const [outcome, over] = first
  if (outcome.kind === 'reply' && withoutEdns.includes(outcome.rcode)) return asking(false, triesMs)
  const isSilent = outcome.kind === 'none' && outcome.reason === 'timeout' && over === 'udp'
  return isSilent && last.length > 0 ? asking(false, last) : first
}

async function onceOver(
  reach: Reach,
  query: Query,
  { triesMs, connectMs, tcpMs }: Limits,
  signal: AbortSignal,
): Promise<[Outcome, Over]> {
  const outcome = await overUdp(reach, query, triesMs, signal)
  if (outcome.kind !== 'cut') return [outcome, 'udp']
  return [await overTcp(reach, query, { connectMs, totalMs: tcpMs }, signal), 'tcp']
}
