import PQueue from 'p-queue'
import { type Failure, failed } from '../../preload/failure.ts'
import type { Profile } from '../../preload/profile-shapes.ts'
import type { Connectivity } from '../../preload/shapes.ts'
import type { Permissions } from '../api/permissions.ts'
import { type Watch, watchConnectivity } from '../jobs/connectivity.ts'
import { refreshFleet, refreshNamed } from '../jobs/fleet.ts'
import { countMailboxes } from '../jobs/mailbox-counts.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { Log } from '../log.ts'
import type { Sender } from '../mailboxes/waiting-sender.ts'
import { settleAll } from './left-behind.ts'

/** A list older than this is read again when dimail answers after a silence, or when the profile opens. */
const listFreshForMs = 10 * 60_000

/** A list that could not be read, or has grown old, is not asked again sooner than this. */
const listAgainAfterMs = 120_000

/** After a silence, the list is read again at a moment of each seat's own within this time (docs/performance.md). */
const returnWithinMs = 120_000

export type Reading = {
  watch: Watch
  /** Reads the fleet, as far as the agent may see it, then counts mailboxes in the background. */
  refresh(acceptShrink: boolean): ReturnType<typeof refreshFleet>
  /** Another agent, or other rights: what is known of dimail may be too little. */
  again(): void
  /** The agent is gone: what was being read for them is dropped. Resolves when nothing of it comes any more. */
  leave(): Promise<void>
  /** Stops asking; resolves when nothing is asked any more. */
  close(): Promise<void>
}

/** What the console reads of dimail unasked: the fleet, the mailboxes of each domain, what was in doubt. */
export function createReading(
  workspace: Workspace,
  deps: {
    profile: Profile
    permissions: Pick<Permissions, 'readable'>
    /** Whether somebody is there for whom dimail may be asked. */
    mayAsk: () => boolean
    sender: Pick<Sender, 'look'>
    isNetworkUp: () => boolean
    connectivityChanged: (state: Connectivity) => void
    /** dimail has answered: what else waited for that goes on. */
    answered: () => void
    notice: (reason: string, details?: Record<string, string>) => void
    noticeFailure: (reason: string, failure: Failure) => void
    log: Log
    signal: AbortSignal
  },
): Reading {
  const { now, dimail } = workspace
  const { permissions, sender, notice, log } = deps
  /** Of the agent who is there: what was being read for them is nobody else's. */
  let agent = new AbortController()
  const signalNow = () => AbortSignal.any([deps.signal, agent.signal])
  // One reading of the fleet at a time, whoever asks, and one counting behind them all.
  const readings = new PQueue({ concurrency: 1 })
  const countings = new PQueue({ concurrency: 1 })
  const settlings = new PQueue({ concurrency: 1 })

  async function read(acceptShrink: boolean, signal: AbortSignal): ReturnType<typeof refreshFleet> {
    const within = await permissions.readable()
    if (signal.aborted || !deps.mayAsk())
      return failed('cancelled', 'asked', 'Nobody waits for this any more.')
    return within === null
      ? refreshFleet(workspace, acceptShrink, signal)
      : refreshNamed(workspace, within, signal)
  }
  async function refresh(acceptShrink: boolean): ReturnType<typeof refreshFleet> {
    const signal = signalNow()
    const outcome = await readings.add(() => read(acceptShrink, signal))
    if (!outcome.ok) {
      const { code, reason } = outcome.failure
      log.warn('the fleet could not be read', { failure: `${code}/${reason}` })
      return outcome
    }
    countings
      .add(() => countMailboxes(workspace, signal))
      .catch((error: unknown) => log.error('counting mailboxes failed', error))
    return outcome
  }
  async function refreshWhenStale(): Promise<void> {
    const fetchedAt = workspace.cache.fleetFetchedAt()
    if (fetchedAt !== null && now() - fetchedAt < listFreshForMs) return
    const outcome = await refresh(false)
    if (outcome.ok || outcome.failure.code === 'cancelled') return
    if (outcome.failure.code === 'list-shrunk') {
      const { gone, known } = outcome.failure.details
      notice('fleet-shrunk', { gone: String(gone), known: String(known) })
    } else deps.noticeFailure('fleet-not-read', outcome.failure)
  }

  // What a lost answer left in doubt is read when dimail answers, and what it does not tell not at each answer.
  let askedDoubts = 0
  function settleLater(): void {
    if (now() - askedDoubts < listAgainAfterMs) return
    const isBack = askedDoubts === 0
    askedDoubts = now()
    const signal = signalNow()
    settlings
      .add(async () => {
        const within = await permissions.readable()
        const made = await settleAll(workspace, within, isBack, signal)
        if (made.length > 0) notice('password-unseen', { addresses: made.join(', ').slice(0, 300) })
        sender.look([])
      })
      .catch((error: unknown) => log.error('what was in doubt could not be settled', error))
  }

  // Every seat learns within seconds that dimail is back: they must not all ask for the whole list at once.
  const pauseMs = deps.profile.kind === 'sandbox' ? 0 : Math.random() * returnWithinMs
  let wasAway = false
  let returning: NodeJS.Timeout | undefined
  let askedList = 0
  const watch = watchConnectivity({
    dimail,
    isNetworkUp: deps.isNetworkUp,
    now,
    changed(state) {
      deps.connectivityChanged(state)
      if (state.state !== 'online') {
        clearTimeout(returning)
        returning = undefined
        wasAway = true
        askedList = 0
        askedDoubts = 0
        return
      }
      deps.answered()
      settleLater()
      // Asked once after each silence; a list that failed is asked again when dimail has answered for a while.
      if (returning !== undefined || now() - askedList < listAgainAfterMs) return
      returning = setTimeout(
        () => {
          returning = undefined
          catchUp().catch((error: unknown) => log.error('a refresh failed', error))
        },
        wasAway ? pauseMs : 0,
      )
    },
  })

  async function idle(): Promise<void> {
    await Promise.all([readings.onIdle(), countings.onIdle(), settlings.onIdle()])
  }
  function catchUp(): Promise<void> {
    askedList = now()
    settleLater()
    return refreshWhenStale()
  }

  return {
    watch,
    refresh,
    again() {
      clearTimeout(returning)
      returning = undefined
      askedList = 0
      askedDoubts = 0
      // An answer like the one before is no news, and tells nobody: what is missing is asked for all the same.
      watch
        .probe()
        .then(({ state }) =>
          state === 'online' && returning === undefined && askedList === 0 ? catchUp() : null,
        )
        .catch((error: unknown) => log.error('what is missing could not be read', error))
    },
    leave() {
      clearTimeout(returning)
      returning = undefined
      agent.abort()
      agent = new AbortController()
      return idle()
    },
    async close() {
      clearTimeout(returning)
      watch.close()
      await idle()
    },
  }
}
