import PQueue from 'p-queue'
import type { WaitingMailbox } from '../../preload/mailbox-shapes.ts'
import { endsTheRound } from '../dimail/failures.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { createPasswords, type MadePassword } from './waiting-passwords.ts'
import { sendWaiting, unsent } from './waiting-send.ts'

/** A mailbox that dimail did not receive is not sent again by itself sooner than this. */
const againAfterMs = 60_000
/** dimail serves one mailbox after the other (docs/dimail.md 7.12): more domains at once would only queue there. */
const domainsAtOnce = 2

export type SentOut = {
  domain: string
  made: string[]
  failed: number
  /** Passwords of this domain that wait for the agent, these ones included. */
  awaiting: number
}

export type Sender = {
  /** Sends what waits in those of these domains that are enabled; none: in every domain. Returns at once. */
  look(names: readonly string[]): void
  /** The passwords of mailboxes that were made unattended and could not be mailed: told once. */
  takePasswords(domain: string): MadePassword[]
  awaiting(domain: string): number
  /** Resolves when nothing is being sent. */
  idle(): Promise<void>
  /** Takes no further mailbox, and waits for the one on the wire. */
  close(): Promise<void>
}

/**
 * Sends waiting mailboxes out as soon as their domain is enabled, whatever enabled it: it is told to look, and
 * reads how things stand (docs/dimail.md 9, D1; docs/field.md D2). Each mailbox succeeds or fails on its own.
 */
export function createSender(
  workspace: Workspace,
  { sentOut, broke }: { sentOut: (what: SentOut) => void; broke: (error: unknown) => void },
): Sender {
  const { cache, desk, now } = workspace
  const queue = new PQueue({ concurrency: domainsAtOnce })
  const passwords = createPasswords<string>()
  /** Domains that wait for their turn; one that is looked at while it is being sent is looked at again. */
  const asked = new Set<string>()
  const sending = new Set<string>()
  const later = new Map<string, NodeJS.Timeout>()
  let closed = false

  const mayGo = (domain: string) => {
    const known = cache.read(domain)
    return (
      !closed && workspace.mayActAlone() && known !== null && !known.gone && known.row.status === 'enabled'
    )
  }
  /** Milliseconds until it may be sent again. One tried at a time to come was tried before the clock was set back. */
  const restOf = ({ failure, attemptedAt }: WaitingMailbox): number =>
    failure === null || attemptedAt === null || attemptedAt > now() ? 0 : attemptedAt + againAfterMs - now()

  async function sendDomain(domain: string): Promise<void> {
    const made: string[] = []
    let failures = 0
    // Asked of every domain that is checked: most have nobody waiting.
    const waiting: WaitingMailbox[] = []
    for await (const some of desk.waiting.inParts(domain))
      waiting.push(...some.filter(({ state }) => state === 'waiting'))
    for (const record of waiting) {
      if (!mayGo(domain)) break
      const rest = restOf(record)
      if (rest > 0) {
        lookLater(domain, rest)
        continue
      }
      const sent = await sendWaiting(workspace, record.id, { asked: false })
      if (sent && !sent.ok) {
        failures += 1
        lookLater(domain, againAfterMs)
        // Thousands may wait: they are not all tried, each minute, to learn the same of each.
        if (endsTheRound(sent.failure)) break
      }
      if (!sent?.ok || sent.value.outcome !== 'created') continue
      made.push(record.id)
      const left = unsent(sent.value)
      if (left) passwords.put(domain, left)
    }
    if (made.length + failures > 0)
      sentOut({ domain, made, failed: failures, awaiting: passwords.count(domain) })
  }

  function lookLater(domain: string, ms: number): void {
    if (closed || later.has(domain)) return
    const timer = setTimeout(() => {
      later.delete(domain)
      add(domain)
    }, ms)
    timer.unref()
    later.set(domain, timer)
  }

  function add(domain: string): void {
    if (closed || asked.has(domain)) return
    asked.add(domain)
    if (!sending.has(domain)) run(domain)
  }

  function run(domain: string): void {
    queue
      .add(async () => {
        asked.delete(domain)
        sending.add(domain)
        try {
          await sendDomain(domain)
        } finally {
          sending.delete(domain)
          if (asked.has(domain)) run(domain)
        }
      })
      .catch(broke)
  }

  async function addAll(): Promise<void> {
    for await (const some of desk.waiting.inParts(null))
      for (const domain of new Set(some.map((record) => record.domain))) add(domain)
  }

  return {
    look(names) {
      if (closed) return
      if (names.length > 0) for (const name of names) add(name)
      else queue.add(addAll).catch(broke)
    },
    takePasswords: (domain) => passwords.take(domain),
    awaiting: (domain) => passwords.count(domain),
    idle: () => queue.onIdle(),
    async close() {
      closed = true
      for (const timer of later.values()) clearTimeout(timer)
      await queue.onIdle()
    },
  }
}
