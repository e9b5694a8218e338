import { setMaxListeners } from 'node:events'
import PQueue from 'p-queue'
import type { Look } from '../../../preload/dns-shapes.ts'
import type { Ask, DnsReply, NoReply } from '../wire/ask.ts'
import { type Question, unread } from '../zone/view.ts'

/** How many questions are in flight at once, over all readings. */
export const parallel = 64
/** How many domains of a fleet are read at once: enough to keep that many questions in flight. */
export const readingsAtOnce = 32

/**
 * How many questions may still be asked, and how many characters of answers kept: whatever a hostile tree makes of
 * one, it ends.
 */
export type Purse = { left: number; characters: number }

/** Of all that a reading keeps: a hundred times what a town has at its servers, and what a page can still show. */
const mostCharacters = 4_000_000

export const createPurse = (questions: number): Purse => ({ left: questions, characters: mostCharacters })

/** What a record takes beside its texts, about. */
const recordSize = 150

/** A look that is to be kept; `too-large` once the purse is spent. */
export function paidFor(look: Look, purse: Purse): Look {
  const texts = look.records.flatMap(({ value, strings }) => [value, ...(strings ?? [])])
  const size = texts.reduce((sum, text) => sum + text.length, recordSize * look.records.length)
  if (size > purse.characters) return unread('too-large')
  purse.characters -= size
  return look
}

/** On whose behalf something is asked: until when, and how much. */
export type Errand = { signal: AbortSignal; purse: Purse }

export type Flags = { recursion?: boolean; checkingDisabled?: boolean }
export type Gate = (
  address: string,
  question: Question,
  errand: Errand,
  flags?: Flags,
) => Promise<DnsReply | NoReply>

const none = (reason: NoReply['reason']): NoReply => ({ kind: 'none', reason, tookMs: 0 })

/**
 * Lets a bounded number of questions through at once. What has to wait beyond its errand's end is answered by
 * `deadline`, what goes beyond its purse by `not-asked`; it never throws for either.
 */
export function createGate(ask: Ask, atOnce: number): Gate {
  const queue = new PQueue({ concurrency: atOnce })
  return async (address, question, { signal, purse }, flags = {}) => {
    if (signal.aborted) return none('deadline')
    if (purse.left <= 0) return none('not-asked')
    purse.left--
    try {
      const reply = await queue.add(() => ask(address, question, { signal, ...flags }), { signal })
      return reply.kind === 'none' && signal.aborted ? none('deadline') : reply
    } catch (error) {
      if (signal.aborted) return none('deadline')
      throw error
    }
  }
}

/** A signal for an errand: as many questions listen to it as are in flight, which is no leak. */
export function createStop(): AbortController {
  const stop = new AbortController()
  setMaxListeners(0, stop.signal)
  return stop
}
