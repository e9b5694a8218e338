import PQueue from 'p-queue'
import type { Diagnosis, DnsWatch } from '../../preload/dns-shapes.ts'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { alone } from '../jobs/alone.ts'
import type { Log } from '../log.ts'
import type { Desk } from '../store/desk.ts'
import { createBudget } from './budget.ts'
import { nextAt, type Pace, silentOf, usualPace, watched } from './watch.ts'

/** The domains that wait for DNS: asked about until they have what dimail expects, and told once (docs/field.md N11). */
export type Watching = {
  /**
   * Begins to wait for a domain, in the name of `by`; one that is waited for already goes on. One that was told begins
   * again. Fails with `not-possible/too-many-watches`.
   */
  pin(domain: string, by: string): Promise<Result<DnsWatch>>
  unpin(domain: string): Promise<void>
  /** Those of the domains that the agent may read, first pinned first. */
  list(): Promise<DnsWatch[]>
  /** A diagnosis that somebody asked for: it counts as one that was asked for here. */
  seen(diagnosis: Diagnosis): Promise<void>
  /** Plans what the desk holds: when the profile opens, and when another agent arrives. What is overdue is spread. */
  start(): Promise<void>
  /** Asks no more; resolves when nothing is being asked. */
  close(): Promise<void>
}

/** Two domains at once: name servers are somebody else's, and nobody waits for these answers. */
const atOnce = 2
/** More than the hourly budget could serve anyway. */
const mostWatches = 500
/** What is overdue, after a start or a sleep of the computer, is asked within this time. */
const spreadMs = 5 * 60_000
/** A timer sleeps no longer, so that a clock that was set anew is noticed. */
const longestSleepMs = 10 * 60_000

export function createWatching(deps: {
  desk: Desk
  now: () => number
  /** Asks the name servers of a domain and keeps what they say. */
  diagnose: (domain: string) => Promise<Result<Diagnosis>>
  /** Whether somebody is signed in: for nobody else are name servers asked. */
  isThere: () => boolean
  /** Whether the agent may read this domain, be they proven or only known. */
  mayRead: (domain: string) => boolean | Promise<boolean>
  /** The agent is to be told, once; `silent`: the name servers that do not answer. */
  told: (watch: DnsWatch, silent: readonly string[]) => void
  changed: (domain: string) => void
  log: Pick<Log, 'warn' | 'error'>
  signal: AbortSignal
  /** From 0 to 1; of this seat. */
  random: () => number
  pace?: Pace
  /** Diagnoses an hour that nobody asks for. */
  hourly?: number
}): Watching {
  const { desk, now, random, signal, log, pace = usualPace } = deps
  const queue = new PQueue({ concurrency: atOnce })
  const budget = createBudget(deps.hourly ?? 120, now)
  /** When each domain is due; what is being asked, or was told, is not in it. */
  const plan = new Map<string, number>()
  const asking = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let wakesAt = 0
  let isClosed = false

  const inTurn = <T>(domain: string, work: () => Promise<T>) => alone(desk, `dns-watch ${domain}`, work)
  const mayWatch = async (domain: string) => deps.isThere() && (await deps.mayRead(domain))
  const soon = () => now() + Math.round(random() * Math.min(spreadMs, pace.first))

  function schedule(domain: string, at: number | null): void {
    if (at === null) plan.delete(domain)
    else plan.set(domain, at)
    sleep()
  }

  function sleep(): void {
    clearTimeout(timer)
    if (isClosed || signal.aborted || plan.size === 0) return
    const ms = Math.min(longestSleepMs, Math.max(0, Math.min(...plan.values()) - now()))
    wakesAt = now() + ms
    timer = setTimeout(wake, ms).unref()
  }

  function wake(): void {
    // The computer slept, or its clock was moved: what has become due meanwhile is not asked all at once.
    if (Math.abs(now() - wakesAt) > pace.least) spread()
    const due = [...plan].filter(([, at]) => at <= now()).sort(([, one], [, other]) => one - other)
    for (const [domain] of due) {
      plan.delete(domain)
      ask(domain)
    }
    sleep()
  }

  /** A moment that is past, or further away than any pace, was planned by another clock or before a sleep. */
  const isOutOfTime = (at: number) => at < now() || at > now() + 2 * pace.most
  function spread(): void {
    for (const [domain, at] of plan) if (isOutOfTime(at)) plan.set(domain, soon())
  }

  function ask(domain: string): void {
    asking.add(domain)
    queue
      .add(() => (isClosed ? undefined : askNow(domain)))
      .catch((error: unknown) => {
        log.error('a watched domain could not be asked about', error)
        schedule(domain, now() + pace.most)
      })
      .finally(() => asking.delete(domain))
  }

  async function askNow(domain: string): Promise<void> {
    const watch = await desk.watches.get(domain)
    if (watch === null || watch.toldAt !== null) return
    // Nobody is there, or they may not see it: it is looked at again later, and asked about no sooner.
    if (!(await mayWatch(domain))) return schedule(domain, nextAt(watch, null, now(), random, pace))
    const free = budget.spend()
    if (free !== null) return schedule(domain, free + Math.round(random() * pace.first))
    const asked = await deps.diagnose(domain)
    if (asked.ok && (await move(asked.value))) return
    if (!asked.ok && asked.failure.code !== 'cancelled') {
      const { code, reason } = asked.failure
      log.warn('a watched domain could not be diagnosed', { failure: `${code}/${reason}` })
    }
    await inTurn(domain, () => postpone(domain))
  }

  async function postpone(domain: string): Promise<void> {
    const watch = await desk.watches.get(domain)
    if (watch === null) return
    const next = nextAt(watch, null, now(), random, pace)
    await desk.watches.put(domain, domain, { ...watch, nextAt: next })
    schedule(domain, next)
  }

  /** Whether it counts: what comes once the agent has gone stays to be told to who comes next. */
  const move = (diagnosis: Diagnosis) => inTurn(diagnosis.domain, () => moveNow(diagnosis))
  async function moveNow(diagnosis: Diagnosis): Promise<boolean> {
    const { domain } = diagnosis
    const before = await desk.watches.get(domain)
    if (isClosed || !(await mayWatch(domain))) return false
    if (before === null) {
      schedule(domain, null)
      return true
    }
    // Whoever asks while it is being asked is given the same diagnosis: it counts once.
    const { watch, tell } =
      before.lastAt === diagnosis.at
        ? { watch: before, tell: false }
        : watched(before, diagnosis, now(), pace)
    const next = nextAt(watch, diagnosis, now(), random, pace)
    const after = { ...watch, nextAt: next }
    // Before it is told: ended in between, the program stays silent rather than telling twice.
    await desk.watches.put(domain, domain, after)
    schedule(domain, next)
    deps.changed(domain)
    if (tell) deps.told(after, silentOf(diagnosis))
    return true
  }

  async function pinNow(domain: string, by: string): Promise<Result<DnsWatch>> {
    const known = await desk.watches.get(domain)
    if (known !== null && known.toldAt === null) return ok(known)
    const { length } = await desk.watches.list(null)
    if (known === null && length >= mostWatches)
      return failed('not-possible', 'too-many-watches', 'Too many domains wait for DNS.', {
        most: mostWatches,
      })
    const pin: DnsWatch = {
      ...{ domain, by, since: now(), state: 'waiting', agreed: 0 },
      ...{ lastAt: null, nextAt: null, toldAt: null },
    }
    const watch = { ...pin, nextAt: nextAt(pin, null, now(), random, pace) }
    await desk.watches.put(domain, domain, watch)
    schedule(domain, watch.nextAt)
    deps.changed(domain)
    return ok(watch)
  }

  return {
    pin: (domain, by) => inTurn(domain, () => pinNow(domain, by)),
    unpin: (domain) =>
      inTurn(domain, async () => {
        if (!(await desk.watches.remove(domain))) return
        schedule(domain, null)
        deps.changed(domain)
      }),
    async list() {
      const readable: DnsWatch[] = []
      for (const watch of await desk.watches.list(null))
        if (await deps.mayRead(watch.domain)) readable.push(watch)
      return readable
    },
    async seen(diagnosis) {
      await move(diagnosis)
    },
    async start() {
      for (const { domain, nextAt: at } of await desk.watches.list(null))
        if (at !== null && !asking.has(domain)) plan.set(domain, isOutOfTime(at) ? soon() : at)
      sleep()
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      await queue.onIdle()
    },
  }
}
