import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import PQueue from 'p-queue'
import { type Failure, ok, type Result } from '../../preload/failure.ts'
import type { Session } from '../../preload/people-shapes.ts'
import type { Profile } from '../../preload/profile-shapes.ts'
import type { Connectivity, Locale } from '../../preload/shapes.ts'
import { createPermissions, type Permissions } from '../api/permissions.ts'
import { type Credentials, createDimail } from '../dimail/client.ts'
import { quiet } from '../jobs/alone.ts'
import { type Watch, watchConnectivity } from '../jobs/connectivity.ts'
import { refreshFleet } from '../jobs/fleet.ts'
import { countMailboxes } from '../jobs/mailbox-counts.ts'
import { createQueue, type Queue } from '../jobs/queue.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { Log } from '../log.ts'
import type { Letter } from '../mail/letters.ts'
import { type Mail, type MailDeps, openMail } from '../mail/open-mail.ts'
import { createPasswords, type Passwords } from '../mailboxes/waiting-passwords.ts'
import { createSender, type Sender } from '../mailboxes/waiting-sender.ts'
import { seedSandboxRights } from '../session/sandbox-people.ts'
import { type OpenSession, openSession } from '../session/session.ts'
import { statusLetter } from '../setup/status-letter.ts'
import { openCache } from '../store/cache.ts'
import { openDesk } from '../store/desk.ts'
import { workOf } from './job-work.ts'
import { settleAll, tellWhatWasLeft } from './left-behind.ts'
import { narrowed, type Tellings } from './narrowed.ts'

/** A list older than this is read again when dimail answers after a silence, or when the profile opens. */
const listFreshForMs = 10 * 60_000

/** A list that could not be read, or has grown old, is not asked again sooner than this. */
const listAgainAfterMs = 120_000

/** After a silence, the list is read again at a moment of each seat's own within this time (docs/performance.md). */
const returnWithinMs = 120_000

export type OpenProfile = Workspace & {
  session: OpenSession
  permissions: Permissions
  mail: Mail
  /** Sends waiting mailboxes out when their domain is enabled. */
  sender: Sender
  /** What the jobs that create mailboxes made without a secondary address, by `passwordsOf`. */
  passwords: Passwords<string>
  /** The language of the messages of a job, where the agent chose one. */
  jobLocales: Map<number, Locale>
  /** Aborts when the profile closes. */
  closed: AbortSignal
  queue: Queue
  watch: Watch
  /** Reads the fleet, then counts mailboxes in the background. */
  refresh(acceptShrink: boolean): ReturnType<typeof refreshFleet>
  /** Aborts what may be dropped, waits for what may not, closes both databases. */
  close(): Promise<void>
}

export type OpenDeps = Tellings & {
  folder: string
  log: Log
  now: () => number
  isNetworkUp: () => boolean
  credentials: () => Credentials | null
  notice: (reason: string, details?: Record<string, string>) => void
  noticeFailure: (reason: string, failure: Failure) => void
  connectivityChanged: (state: Connectivity) => void
  sessionChanged: (session: Session) => void
  mailChanged: () => void
  vault: MailDeps['vault']
  sandbox: MailDeps['sandbox']
}

/** Opens both databases of a profile and everything that works on them; what fails or throws leaves neither open. */
export async function openProfile(profile: Profile, deps: OpenDeps): Promise<Result<OpenProfile>> {
  const { folder, now, notice } = deps
  const desk = openDesk(join(folder, 'desk.db'), now)
  if (!desk.ok) return desk
  const cache = openCache(join(folder, 'cache.db'), now)
  if (!cache.ok) {
    await desk.value.desk.close()
    return cache
  }
  if (cache.value.aside) notice('cache-rebuilt', { file: cache.value.aside })
  if (desk.value.restored) notice('desk-restored', { file: desk.value.restored })
  const stores = { desk: desk.value.desk, cache: cache.value.cache }
  try {
    return ok(await workOn(profile, stores, deps))
  } catch (error) {
    stores.cache.close()
    await stores.desk.close()
    throw error
  }
}

/** Everything that works on the stores of a profile, once what an earlier run left is told. */
async function workOn(
  profile: Profile,
  { desk, cache }: Pick<Workspace, 'desk' | 'cache'>,
  deps: OpenDeps,
): Promise<OpenProfile> {
  const { log, now, notice } = deps
  const dimail = createDimail({ address: profile.address, credentials: deps.credentials, log: log.info, now })
  const kept = {
    profile,
    desk,
    now,
    rightsChanged: (domain: string | null) => tell.rightsChanged(domain),
  }
  const session = openSession({ ...kept, changed: deps.sessionChanged })
  const permissions = createPermissions({ person: session.person, accesses: () => kept.desk.accesses })
  const tell = narrowed(deps, permissions, {
    jobs: () => workspace.cache.jobs,
    broke: (error) => log.error('the window could not be told', error),
  })
  const mail = await openMail({ ...deps, ...kept, changed: deps.mailChanged })
  const workspace: Workspace = {
    ...kept,
    repairing: new Map(),
    dimail,
    cache,
    person: session.person,
    post: mail.post,
    webmail: mail.webmail,
    changed(names) {
      tell.changed(names)
      // Whatever made a domain enabled, what waited for that goes out (docs/dimail.md 9, D1).
      sender.look(names)
    },
    turned(name, before, { status, checks }) {
      tellTown(workspace, name, (town) => statusLetter(before, status, checks, town)).catch(
        (error: unknown) => log.error('a town could not be told', error),
      )
    },
    mailboxesChanged: tell.mailboxesChanged,
    mailChanged: deps.mailChanged,
  }
  const passwords = createPasswords<string>()
  const jobLocales = new Map<number, Locale>()
  const sender = createSender(workspace, {
    sentOut({ domain, made, failed, awaiting }) {
      tell.mailboxesChanged(domain)
      log.info('waiting mailboxes went out', { made: made.length, failed, awaiting })
    },
    broke: (error) => log.error('a waiting mailbox could not be sent', error),
  })
  await tellWhatWasLeft(workspace, notice)

  const background = new AbortController()
  const closed = background.signal
  // One reading of the fleet at a time, whoever asks, and one counting behind them all.
  const readings = new PQueue({ concurrency: 1 })
  const countings = new PQueue({ concurrency: 1 })
  async function refresh(acceptShrink: boolean): ReturnType<typeof refreshFleet> {
    const outcome = await readings.add(() => refreshFleet(workspace, acceptShrink, closed))
    if (!outcome.ok) {
      log.warn('the fleet could not be read', {
        failure: `${outcome.failure.code}/${outcome.failure.reason}`,
      })
      return outcome
    }
    await seedSandboxRights(workspace)
    countings
      .add(() => countMailboxes(workspace, closed))
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
  const queue = createQueue(
    workspace.cache.jobs,
    workOf(workspace, passwords, jobLocales),
    now,
    tell.progress,
    (error) => log.error('a row of a job failed', error),
  )
  // What a lost answer left in doubt is read when dimail answers, and what it does not tell not at each answer.
  const settlings = new PQueue({ concurrency: 1 })
  let askedDoubts = 0
  function settleLater(): void {
    if (now() - askedDoubts < listAgainAfterMs) return
    const isBack = askedDoubts === 0
    askedDoubts = now()
    settlings
      .add(async () => {
        const made = await settleAll(workspace, isBack, closed)
        if (made.length > 0) notice('password-unseen', { addresses: made.join(', ').slice(0, 300) })
        sender.look([])
      })
      .catch((error: unknown) => log.error('what was in doubt could not be settled', error))
  }
  // Every seat learns within seconds that dimail is back: they must not all ask for the whole list at once.
  const pauseMs = profile.kind === 'sandbox' ? 0 : Math.random() * returnWithinMs
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
      settleLater()
      // Asked once after each silence; a list that failed is asked again when dimail has answered for a while.
      if (returning !== undefined || now() - askedList < listAgainAfterMs) return
      returning = setTimeout(
        () => {
          returning = undefined
          askedList = now()
          refreshWhenStale().catch((error: unknown) => log.error('a refresh failed', error))
        },
        wasAway ? pauseMs : 0,
      )
    },
  })

  return {
    ...workspace,
    session,
    permissions,
    mail,
    sender,
    passwords,
    jobLocales,
    closed,
    queue,
    watch,
    refresh,
    async close() {
      background.abort()
      clearTimeout(returning)
      watch.close()
      // A repair that has left is waited for, and so is what reads its effect: its answer is the only one.
      await Promise.allSettled([...workspace.repairing.values(), queue.close(), sender.close()])
      await quiet(workspace.desk)
      dimail.close()
      await Promise.all([readings.onIdle(), countings.onIdle(), settlings.onIdle(), mail.close()])
      // What was answered just before still has its turn to be stored.
      await nextTurn()
      workspace.cache.close()
      await workspace.desk.close()
    },
  }
}

/** Writes to the town of a domain, when it has an address and there is something to tell. */
async function tellTown(
  { desk, post }: Workspace,
  name: string,
  letterTo: (town: { name: string; supportEmail: string } | null) => Letter | null,
): Promise<void> {
  const letter = letterTo(await desk.towns.get(name))
  if (letter) await post.send(letter)
}
