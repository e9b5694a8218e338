import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'
import { type Person, person as personShape } from '../../preload/people-shapes.ts'
import { type Flags, type Profile, profileScope } from '../../preload/profile-shapes.ts'
import type { RightsPlan, Session, SignedOut } from '../../preload/session-shapes.ts'
import type { Desk } from '../store/desk.ts'
import type { Identity } from './identity.ts'
import type { SignIn } from './sign-in-types.ts'
import type { Standpoint } from './standpoint.ts'

/** For so long an agent who was proven once may read what is here without being proven again. */
const knownForMs = 7 * 24 * 3_600_000
/** A proof is renewed this often where the provider allows it, and holds this long where it does not. */
const renewEveryMs = 20 * 60_000
const provenForMs = 12 * 3_600_000

/** What arriving at the console found out about somebody. */
export type Arrival = {
  support: boolean
  plan: RightsPlan
  refusal: Session['refusal']
  flags: Flags
  flagsFailure: Failure | null
}

export type OpenSession = {
  read(): Session
  standpoint(): Standpoint
  /** Whom the journal names; nobody has an empty `id`. */
  person(): Person
  /** Whether requests may leave for this agent: proven, or being asked about by the sign-in itself. */
  mayAsk(): boolean
  signIn(): Promise<Result<Session>>
  cancel(): Session
  signOut(): Promise<SignedOut>
  /** Proves a known agent again without a browser, when something is kept for it. */
  resume(): Promise<void>
  /** The rights were read or written again; `refusal`: DeployCenter has said no meanwhile, and the console closes. */
  planned(plan: RightsPlan, refusal: Session['refusal']): Promise<void>
  close(): void
}

type Deps = {
  profile: Profile
  desk: Desk
  now: () => number
  /** Null: this profile has no provider. */
  client: SignIn | null
  /** What is found out before anything is shown; nothing of it may throw for an outage. */
  arrive: (identity: Identity, person: Person) => Promise<Arrival>
  /** Reads the flags, at their address when the profile names one. */
  flags: (force: boolean) => Promise<{ flags: Flags; failure: Failure | null }>
  /** The agent is signed in, or is another one: stores and the window follow. */
  arrived: (person: Person) => Promise<void>
  /** Nobody is there any more. */
  left: (person: Person) => Promise<void>
  changed: (session: Session) => void
  broke: (error: unknown) => void
}

const closedFlags: Flags = { create: false, manageAccesses: false }
const nobody: Person = { id: '', name: '', email: null, support: false }
const setting = 'session.known'
/** `scope`: of the profile at that proof; one that has changed since may have made them less than they were. */
const knownAgent = z.object({
  issuer: z.string(),
  scope: profileScope,
  person: personShape,
  provenAt: z.int(),
})

type Now = Omit<Session, 'may' | 'lock' | 'by'>

/**
 * Who is at this console. Where the profile names an OpenID provider it is who proved it (docs/sign-in.md); an agent
 * of an earlier proof is `known` and reads. Without a provider it is support, named by dimail's account.
 */
export async function openSession(
  deps: Deps & { may: (standpoint: Standpoint) => Session['may'] },
): Promise<OpenSession> {
  const { profile, desk, now, client, changed } = deps
  // The sandbox's provider knows the same people in every run, each time at another port.
  const issuer = profile.kind === 'sandbox' ? 'sandbox' : (profile.signIn?.issuer ?? '')
  const { scope } = profile
  let current: Now = {
    state: 'signed-out',
    person: null,
    since: now(),
    failure: null,
    refusal: null,
    flags: closedFlags,
    flagsFailure: null,
    plan: null,
  }
  let provenAt = 0
  /** Counts arrivals and departures: what was asked for one agent is not told of the next. */
  let turn = 0
  /** The turn of who is being found out about. */
  let arriving = -1
  let timer: NodeJS.Timeout | undefined

  function standpoint(): Standpoint {
    const { state, person, flags } = current
    // Who signs in again goes on reading meanwhile.
    const seen = state === 'signing-in' && person !== null ? 'known' : state
    return { state: seen, person, flags, lock: profile.lock }
  }
  const read = (): Session => ({
    ...current,
    by: client === null ? 'account' : 'provider',
    may: deps.may(standpoint()),
    lock: profile.lock,
  })
  function become(change: Partial<Now>): Session {
    const turned = change.state !== undefined && change.state !== current.state
    current = { ...current, ...change, since: turned ? now() : current.since }
    const session = read()
    changed(session)
    return session
  }

  async function startAsAccount(): Promise<void> {
    const { username } = profile
    const person: Person = { id: username, name: username, email: null, support: true }
    current = { ...current, state: 'signed-in', person }
    const known = await deps.flags(true)
    current = { ...current, flags: known.flags, flagsFailure: known.failure }
  }
  async function startAsKnown(): Promise<void> {
    const kept = knownAgent.safeParse(await desk.readSetting(setting))
    if (!kept.success || kept.data.issuer !== issuer) return
    if (!isDeepStrictEqual(kept.data.scope, scope)) return
    provenAt = kept.data.provenAt
    const isOld = now() - provenAt > knownForMs
    const { failure } = failed('refused', 'session-old', 'The last sign-in is too long ago.')
    current = isOld ? { ...current, failure } : { ...current, state: 'known', person: kept.data.person }
  }

  /** Somebody is proven: everything about them is found out before they see anything. */
  async function take(identity: Identity, mine: number): Promise<Result<Session>> {
    const before = current.person
    if (before !== null && before.id !== identity.sub) await deps.left(before)
    const { sub: id, name } = identity
    // An address that the provider has not proven may be anybody's: nothing is theirs by it.
    const email = identity.emailVerified ? identity.email : null
    arriving = mine
    try {
      const { support, refusal, ...found } = await deps.arrive(identity, { id, name, email, support: false })
      if (mine !== turn) return failed('cancelled', 'sign-in', 'The sign-in was ended.')
      const person: Person = { id, name, email, support }
      provenAt = now()
      if (refusal !== null) {
        if (before?.id === id) await deps.left(before)
        return ok(await close({ ...found, person, refusal }))
      }
      await desk.writeSetting(setting, { issuer, scope, person, provenAt })
      current = { ...current, ...found, person, refusal, failure: null }
      // Before the page may list anything: what the one before had seen is forgotten.
      await deps.arrived(person)
      if (mine !== turn) return failed('cancelled', 'sign-in', 'The sign-in was ended.')
      renewLater()
      return ok(become({ state: 'signed-in' }))
    } finally {
      if (arriving === mine) arriving = -1
    }
  }

  /** DeployCenter's own word: who is there sees nothing more, and is not known at the next start. */
  async function close(change: Pick<Now, 'person' | 'refusal'> & Partial<Now>): Promise<Session> {
    client?.forget()
    await desk.writeSetting(setting, null)
    return become({ ...change, state: 'refused', failure: null })
  }

  async function signIn(): Promise<Result<Session>> {
    if (client === null)
      return failed('not-possible', 'no-provider', 'This profile has no provider to sign in at.')
    if (current.state === 'signing-in')
      return failed('not-possible', 'sign-in-running', 'A sign-in is under way.')
    const mine = ++turn
    const { state, refusal, failure } = current
    become({ state: 'signing-in', failure: null })
    const back = (why: Failure): Result<Session> => {
      const isOver = mine !== turn
      if (!isOver) become({ state, refusal, failure })
      return { ok: false, failure: why }
    }
    try {
      const proof = await client.start()
      if (!proof.ok) return back(proof.failure)
      const taken = await take(proof.value, mine)
      return taken.ok ? taken : back(taken.failure)
    } catch (error) {
      back(failed('unexpected', 'bug', 'Something went wrong in the program.').failure)
      throw error
    }
  }

  async function resume(): Promise<void> {
    if (client === null || current.state !== 'known' || !client.canResume()) return
    const mine = ++turn
    const proof = await client.resume()
    if (mine !== turn) return
    if (proof.ok) await take(proof.value, mine)
    else become({ failure: proof.failure })
  }

  /** Keeps the proof young while the console is open; an agent whose session is over goes on reading. */
  async function renew(): Promise<void> {
    if (client === null || current.state !== 'signed-in') return
    const mine = turn
    const proof = client.canResume() ? await client.resume() : null
    if (mine !== turn) return
    if (proof?.ok && proof.value.sub === current.person?.id) {
      provenAt = now()
      await desk.writeSetting(setting, { issuer, scope, person: current.person, provenAt })
    } else if (proof?.ok === false && proof.failure.code === 'refused') {
      become({ state: 'known', failure: proof.failure })
    } else if (now() - provenAt > provenForMs) {
      const { failure } = failed('refused', 'session-over', 'The session is over.')
      become({ state: 'known', failure })
    }
    await followFlags(mine)
    renewLater()
  }
  /** What was closed meanwhile, at the address that the profile names, closes here too. */
  async function followFlags(mine: number): Promise<void> {
    const { flags, failure } = await deps.flags(false)
    const isNews = !isDeepStrictEqual([flags, failure], [current.flags, current.flagsFailure])
    if (mine === turn && current.state === 'signed-in' && isNews) become({ flags, flagsFailure: failure })
  }
  function renewLater(): void {
    clearTimeout(timer)
    if (current.state === 'signed-out') return
    timer = setTimeout(() => renew().catch(deps.broke), renewEveryMs)
    timer.unref()
  }

  async function signOut(): Promise<SignedOut> {
    turn++
    clearTimeout(timer)
    const { person } = current
    // First here, whatever becomes of the rest: the provider may be away.
    const out = { state: 'signed-out', person: null, failure: null, refusal: null, plan: null } as const
    become({ ...out, flags: closedFlags, flagsFailure: null })
    client?.cancel()
    // What is kept for them goes at once; the provider is told while the rest is put away.
    const telling = client === null ? ('none' as const) : client.signOut()
    await desk.writeSetting(setting, null)
    if (person) await deps.left(person)
    return { provider: await telling, session: read() }
  }

  if (client === null) await startAsAccount()
  else await startAsKnown()

  return {
    read,
    standpoint,
    person: () => current.person ?? nobody,
    mayAsk: () => arriving === turn || current.state === 'signed-in',
    signIn,
    cancel() {
      client?.cancel()
      return read()
    },
    signOut,
    resume,
    async planned(plan, refusal) {
      const { person, state } = current
      if (refusal === null || person === null || state !== 'signed-in') return void become({ plan })
      turn++
      await close({ plan, person, refusal })
      await deps.left(person)
    },
    close() {
      turn++
      clearTimeout(timer)
      client?.close()
    },
  }
}
