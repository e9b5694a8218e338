import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Failure, ok, type Result } from '../../preload/failure.ts'
import type { Person } from '../../preload/people-shapes.ts'
import type { Profile } from '../../preload/profile-shapes.ts'
import type { EndpointState } from '../../preload/provisioning-shapes.ts'
import type { Session } from '../../preload/session-shapes.ts'
import type { Connectivity, Locale } from '../../preload/shapes.ts'
import { createDimail } from '../dimail/client.ts'
import type { Entitlements } from '../entitlements/entitlements.ts'
import { quiet } from '../jobs/alone.ts'
import { createQueue, type Queue } from '../jobs/queue.ts'
import type { Workspace } from '../jobs/workspace.ts'
import type { Log } from '../log.ts'
import type { Letter } from '../mail/letters.ts'
import { type Mail, type MailDeps, openMail } from '../mail/open-mail.ts'
import { createPasswords, type Passwords } from '../mailboxes/waiting-passwords.ts'
import { createSender, type Sender } from '../mailboxes/waiting-sender.ts'
import { type Provisioning, provisionDomain } from '../provisioning/apply.ts'
import { type Endpoint, openEndpoint } from '../provisioning/endpoint.ts'
import { createProvisionPlans, type ProvisionPlans } from '../provisioning/plans.ts'
import { seedSandboxRights } from '../session/sandbox-people.ts'
import { statusLetter } from '../setup/status-letter.ts'
import { openCache } from '../store/cache.ts'
import { openDesk } from '../store/desk.ts'
import { barrier, type Front, openFront } from './front.ts'
import { workOf } from './job-work.ts'
import { mirrorDesk, tellWhatWasLeft } from './left-behind.ts'
import { narrowed, type Tellings } from './narrowed.ts'
import { type OutsideDeps, openOutside } from './outside.ts'
import { createReading, type Reading } from './reading.ts'

export type OpenProfile = Provisioning &
  Omit<Front, 'close'> &
  Pick<Reading, 'watch' | 'refresh'> & {
    entitlements: Entitlements
    mail: Mail
    /** Sends waiting mailboxes out when their domain is enabled. */
    sender: Sender
    provisionPlans: ProvisionPlans
    endpoint: Endpoint
    /** What the jobs that create mailboxes made without a secondary address, by `passwordsOf`. */
    passwords: Passwords<string>
    /** The language of the messages of a job, where the agent chose one. */
    jobLocales: Map<number, Locale>
    /** Aborts when the profile closes. */
    closed: AbortSignal
    queue: Queue
    /** Aborts what may be dropped, waits for what may not, closes both databases. */
    close(): Promise<void>
  }

export type OpenDeps = Tellings &
  OutsideDeps & {
    folder: string
    log: Log
    now: () => number
    isNetworkUp: () => boolean
    notice: (reason: string, details?: Record<string, string>) => void
    noticeFailure: (reason: string, failure: Failure) => void
    connectivityChanged: (state: Connectivity) => void
    sessionChanged: (session: Session) => void
    mailChanged: () => void
    provisioningChanged: (state: EndpointState) => void
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
  const background = new AbortController()
  const closed = background.signal
  await seedSandboxRights({ profile, desk, now })

  let front: Front | null = null
  const dimail = createDimail({
    address: profile.address,
    credentials: deps.credentials,
    allow: (changes) => barrier(front?.session ?? null, changes),
    log: log.info,
    now,
  })
  const outside = openOutside(profile, desk, deps)
  front = await openFront({
    ...deps,
    profile,
    desk,
    cache,
    dimail: () => dimail,
    entitlements: outside.entitlements,
    readFlags: outside.readFlags,
    client: outside.client,
    arrived,
    left,
    rightsWritten: () => rightsChanged(null),
    changed: deps.sessionChanged,
  })
  const { session, permissions, approvals, rights } = front
  const tell = narrowed(deps, permissions, {
    jobs: () => cache.jobs,
    broke: (error) => log.error('the window could not be told', error),
  })
  const kept = { profile, desk, now, rightsChanged }
  const mail = await openMail({ ...deps, ...kept, changed: deps.mailChanged })
  const workspace: Provisioning = {
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
    mayActAlone: () => session.standpoint().state === 'signed-in' && profile.lock === 'none',
    attributesChanged(provisioned) {
      cache.putAttributes(provisioned)
      tell.changed([provisioned.domain])
    },
  }
  const provisionPlans = createProvisionPlans(now)
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
  const queue = createQueue(
    cache.jobs,
    workOf(workspace, provisionPlans, passwords, jobLocales),
    now,
    tell.progress,
    (error) => log.error('a row of a job failed', error),
  )
  const reading = createReading(workspace, {
    ...deps,
    profile,
    permissions,
    mayAsk: session.mayAsk,
    sender,
    signal: closed,
    answered: () => lookAgain().catch((error: unknown) => log.error('rights could not be read again', error)),
  })

  const endpoint = openEndpoint({
    port: profile.provisioning?.port ?? null,
    key: deps.secrets.provisioningKey,
    hindrance() {
      if (profile.lock !== 'none') return 'locked'
      const { state, person } = session.standpoint()
      return state === 'signed-in' && person?.support ? null : 'signed-out'
    },
    provision: (asked) => provisionDomain(workspace, asked),
    log,
    now,
    changed: deps.provisioningChanged,
  })
  /** Whoever is there now may open the endpoint, or close it; what the cache mirrors of the desk is theirs to read. */
  async function followSession(): Promise<void> {
    await endpoint.start()
    const within = await permissions.readable()
    await mirrorDesk({ desk, cache }, within && new Set(within))
  }
  await followSession()

  /** Entitlements of domains that dimail could not be asked about are looked at once it answers. */
  async function lookAgain(): Promise<void> {
    const plan = await rights.again()
    if (plan) await session.planned(plan, null)
  }
  /** What an agent who may not see all has here follows what they may see: no more of it is kept, and no less. */
  async function narrow(): Promise<void> {
    const within = await permissions.readable()
    if (within === null) return
    if (cache.forgetOutside(within) > 0) tell.changed([])
    const known = new Set(cache.names({ text: '', status: 'all' }))
    if (within.some((name) => !known.has(name))) await reading.refresh(false)
  }
  async function arrived(person: Person): Promise<void> {
    if (!person.support) cache.forgetOutside((await permissions.readable()) ?? [])
    // Once the session itself says so.
    setImmediate(() => {
      if (closed.aborted) return
      narrow().catch((error: unknown) => log.error('the fleet could not be narrowed', error))
      followSession().catch((error: unknown) => log.error('the endpoint could not follow', error))
      reading.again()
    })
  }
  async function left(person: Person): Promise<void> {
    const running = cache.jobs.list().filter(({ state }) => state === 'running')
    for (const { id } of running) queue.cancel(id)
    await Promise.all([reading.leave(), ...running.map(({ id }) => queue.ended(id))])
    if (!person.support) {
      cache.forgetOutside([])
      cache.setFleetFetchedAt(null)
    }
    await endpoint.start()
  }
  function rightsChanged(domain: string | null): void {
    tell.rightsChanged(domain)
    if (session.standpoint().state === 'signed-in')
      narrow().catch((error: unknown) => log.error('the fleet could not be narrowed', error))
  }

  return {
    ...workspace,
    session,
    permissions,
    approvals,
    rights,
    entitlements: outside.entitlements,
    mail,
    sender,
    provisionPlans,
    endpoint,
    passwords,
    jobLocales,
    closed,
    queue,
    watch: reading.watch,
    refresh: reading.refresh,
    async close() {
      background.abort()
      session.close()
      await endpoint.stop()
      const readingEnds = reading.close()
      // A repair that has left is waited for, and so is what reads its effect: its answer is the only one.
      await Promise.allSettled([...workspace.repairing.values(), queue.close(), sender.close()])
      await quiet(workspace.desk)
      dimail.close()
      outside.close()
      await Promise.all([readingEnds, mail.close()])
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
