import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DnsWatch } from '../../preload/dns-shapes.ts'
import { type Failure, ok, type Result } from '../../preload/failure.ts'
import type { Profile } from '../../preload/profile-shapes.ts'
import type { EndpointState } from '../../preload/provisioning-shapes.ts'
import type { Session } from '../../preload/session-shapes.ts'
import type { Connectivity, Locale } from '../../preload/shapes.ts'
import { type Diagnosing, diagnose } from '../diagnosis/diagnose.ts'
import { sandboxPace } from '../diagnosis/watch.ts'
import { createWatching, type Watching } from '../diagnosis/watching.ts'
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
import { resolverOf } from './dns-place.ts'
import { createFollowing, type Following } from './following.ts'
import { barrier, type Front, openFront } from './front.ts'
import { workOf } from './job-work.ts'
import { tellWhatWasLeft } from './left-behind.ts'
import { narrowed, type Tellings } from './narrowed.ts'
import { type OutsideDeps, openOutside } from './outside.ts'
import { createReading, type Reading } from './reading.ts'
import type { SandboxDns } from './sandbox-control.ts'

export type OpenProfile = Provisioning &
  Diagnosing &
  Omit<Front, 'close'> &
  Pick<Reading, 'watch' | 'refresh'> &
  Pick<Following, 'attended'> & {
    entitlements: Entitlements
    mail: Mail
    /** Sends waiting mailboxes out when their domain is enabled. */
    sender: Sender
    provisionPlans: ProvisionPlans
    endpoint: Endpoint
    /** The domains that wait for DNS. */
    watching: Watching
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
    sandbox: MailDeps['sandbox'] & { dns(): SandboxDns | null }
    /** A domain that was waited for has its DNS; `silent`: name servers that do not answer. */
    dnsSettled: (watch: DnsWatch, silent: readonly string[]) => void
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

  // Who is there decides what everything below may do, and is told by it: each is asked for when it is there.
  let front: Front | null = null
  const opened = (): Front => {
    if (front === null) throw new Error('Nobody can be there before the session is')
    return front
  }
  const following = createFollowing({
    workspace: () => ({ desk, cache }),
    front: opened,
    reading: () => reading,
    queue: () => queue,
    endpoint: () => endpoint,
    watching: () => watching,
    tell: () => tell,
    closed,
    log,
  })
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
    arrived: following.arrived,
    left: following.left,
    rightsWritten: () => following.rightsChanged(null),
    changed: deps.sessionChanged,
  })
  const { session, permissions, approvals, rights } = front
  const tell = narrowed(deps, permissions, {
    jobs: () => cache.jobs,
    broke: (error) => log.error('the window could not be told', error),
  })
  const kept = { profile, desk, now, rightsChanged: following.rightsChanged }
  const mail = await openMail({ ...deps, ...kept, changed: deps.mailChanged })
  const workspace: Provisioning & Diagnosing = {
    ...kept,
    repairing: new Map(),
    diagnosing: new Map(),
    resolver: resolverOf(profile, deps.sandbox, now),
    dnsChanged: tell.dnsChanged,
    dimail,
    cache,
    person: session.person,
    post: mail.post,
    webmail: mail.webmail,
    changed(names) {
      tell.changed(names)
      following.stored(names)
      // Whatever made a domain enabled, what waited for that goes out (docs/dimail.md 9, D1).
      sender.look(names)
    },
    turned(name, before, { status, checks }) {
      tellTown(workspace, name, (town) => statusLetter(before, status, checks, town)).catch(
        (error: unknown) => log.error('a town could not be told', error),
      )
    },
    mailboxesChanged(domain) {
      tell.mailboxesChanged(domain)
      if (domain !== null) following.stored([domain])
    },
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
  const watching = createWatching({
    desk,
    now,
    diagnose: (domain) => diagnose(workspace, domain, following.attended(), false),
    isThere: () => session.standpoint().state === 'signed-in',
    mayRead: async (domain) => (await permissions.readable())?.includes(domain) ?? true,
    told: deps.dnsSettled,
    changed: tell.dnsChanged,
    log,
    signal: closed,
    random: Math.random,
    ...(profile.kind === 'sandbox' ? { pace: sandboxPace, hourly: 3000 } : {}),
  })
  await tellWhatWasLeft(workspace, notice)
  const queue = createQueue(
    cache.jobs,
    workOf({ ...workspace, watching }, provisionPlans, passwords, jobLocales),
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
    answered: following.answered,
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
  await following.settle()
  await watching.start()

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
    watching,
    passwords,
    jobLocales,
    closed,
    attended: following.attended,
    queue,
    watch: reading.watch,
    refresh: reading.refresh,
    async close() {
      background.abort()
      session.close()
      await endpoint.stop()
      const readingEnds = reading.close()
      // A repair that has left is waited for, and so is what reads its effect: its answer is the only one.
      const asked = [watching.close(), ...workspace.diagnosing.values()]
      await Promise.allSettled([...workspace.repairing.values(), ...asked, queue.close(), sender.close()])
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
