import { setImmediate as nextTick } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type Failure, failed, ok, type Result } from '../../preload/failure.ts'
import type { Person } from '../../preload/people-shapes.ts'
import type { Flags, Profile } from '../../preload/profile-shapes.ts'
import type { RightsPlan, Session, SignedOut } from '../../preload/session-shapes.ts'
import type { Desk } from '../store/desk.ts'
import type { Identity } from './identity.ts'
import { createKnownAgent } from './known-agent.ts'
import type { SignIn } from './sign-in-types.ts'
import type { Standpoint } from './standpoint.ts'

/** For so long an agent who was proven once may read what is here without being proven again. */
const knownForMs = 7 * 24 * 3_600_000
/** A proof is renewed this often where the provider allows it, and holds this long where it does not. */
const renewEveryMs = 20 * 60_000
const provenForMs = 12 * 3_600_000

/** What arriving at the console found out about somebody. */
export type Arrival = {
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
  /** Whether they work on every domain of the profile, by their verified claims alone. */
  isSupport: (identity: Identity) => boolean
  /** What is found out before anything is shown, unless they leave; nothing of it may throw for an outage. */
  arrive: (identity: Identity, person: Person, signal: AbortSignal) => Promise<Arrival>
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
const gone = {
  state: 'signed-out',
  person: null,
  failure: null,
  refusal: null,
  plan: null,
  flags: closedFlags,
  flagsFailure: null,
} as const
const ended = () => failed('cancelled', 'sign-in', 'The sign-in was ended.')
const tooOld = () => failed('refused', 'session-old', 'The last sign-in is too long ago.').failure
type Now = Omit<Session, 'may' | 'lock' | 'by'>

/**
 * Who is at this console. Where the profile names an OpenID provider it is who proved it (docs/sign-in.md); an agent
 * of an earlier proof is `known` and reads. Without a provider it is support, named by dimail's account.
 */
export async function openSession(
  deps: Deps & { may: (standpoint: Standpoint) => Session['may'] },
): Promise<OpenSession> {
  const { profile, desk, now, client, changed } = deps
  const known = createKnownAgent(profile, desk)
  let current: Now = { ...gone, since: now() }
  let provenAt = 0
  // A clock that was put back must not make a proof young for ever.
  const isProofOlder = (thanMs: number) => Math.abs(now() - provenAt) > thanMs
  /** Counts arrivals and departures: what was asked for one agent is not told of the next. */
  let turn = 0
  /** Of that turn: aborts when the next begins. */
  let asking = new AbortController()
  /** Whoever left is put away before the next one arrives. */
  let leaving: Promise<void> = Promise.resolve()
  /** The turn of who is being found out about. */
  let arriving = -1
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  function nextTurn(): number {
    asking.abort()
    asking = new AbortController()
    return ++turn
  }
  function leave(person: Person): Promise<void> {
    const mine = leaving.then(() => deps.left(person))
    leaving = mine.catch(() => {})
    return mine
  }

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
    const asked = deps.flags(true).then(({ flags, failure }) => ({ flags, flagsFailure: failure }))
    // The profile's own are there at once; an address that does not answer must not hold the window back.
    const told = await Promise.race([asked, nextTick(null)])
    if (told !== null) current = { ...current, ...told }
    else asked.then((late) => isClosed || become(late)).catch(deps.broke)
  }
  async function startAsKnown(): Promise<void> {
    const kept = await known.read()
    if (kept === null) return
    const { person } = kept
    provenAt = kept.provenAt
    const isOld = isProofOlder(knownForMs)
    current = isOld ? { ...current, failure: tooOld() } : { ...current, state: 'known', person }
  }

  /** Somebody is proven: everything about them is found out before they see anything. Who is half there is nobody. */
  async function take(identity: Identity, mine: number): Promise<Result<Session>> {
    const { person } = current
    try {
      return await found(identity, mine)
    } catch (error) {
      if (mine === turn && current.person !== person) become(gone)
      throw error
    } finally {
      if (arriving === mine) arriving = -1
    }
  }
  async function found(identity: Identity, mine: number): Promise<Result<Session>> {
    const before = current.person
    const { sub: id, name } = identity
    const support = deps.isSupport(identity)
    const isAnother = before !== null && (before.id !== id || before.support !== support)
    if (isAnother) await giveWay(before)
    await leaving
    if (mine !== turn) return ended()
    // An address that the provider has not proven may be anybody's: nothing is theirs by it.
    const email = identity.emailVerified ? identity.email : null
    const person: Person = { id, name, email, support }
    arriving = mine
    const { refusal, ...rest } = await deps.arrive(identity, person, asking.signal)
    if (mine !== turn) return ended()
    provenAt = now()
    if (refusal !== null) {
      if (current.person !== null) await leave(current.person)
      return mine === turn ? ok(await close({ ...rest, person, refusal }, mine)) : ended()
    }
    await known.write(person, provenAt)
    if (mine !== turn) return ended()
    current = { ...current, ...rest, person, refusal, failure: null }
    // Before the page may list anything: what the one before had seen is forgotten.
    await deps.arrived(person)
    if (mine !== turn) return ended()
    renewLater()
    return ok(become({ state: 'signed-in' }))
  }

  /** From here on nothing of the one before is shown, whatever comes of who has proved to be there now. */
  async function giveWay(before: Person): Promise<void> {
    become({ ...gone, state: current.state === 'signing-in' ? 'signing-in' : 'signed-out' })
    await known.forget()
    await leave(before)
  }

  /** DeployCenter's own word: who is there sees nothing more, and is not known at the next start. */
  async function close(
    change: Pick<Now, 'person' | 'refusal'> & Partial<Now>,
    mine: number,
  ): Promise<Session> {
    client?.forget()
    await known.forget()
    return mine === turn ? become({ ...change, state: 'refused', failure: null }) : read()
  }

  async function signIn(): Promise<Result<Session>> {
    if (client === null)
      return failed('not-possible', 'no-provider', 'This profile has no provider to sign in at.')
    if (current.state === 'signing-in')
      return failed('not-possible', 'sign-in-running', 'A sign-in is under way.')
    const mine = nextTurn()
    const { state, person, refusal, failure } = current
    become({ state: 'signing-in', failure: null })
    // Whoever was there still is, unless another has been proven meanwhile.
    const back = () =>
      void (mine === turn && current.person === person && become({ state, refusal, failure }))
    try {
      const proof = await client.start()
      if (proof.ok) return await take(proof.value, mine)
      back()
      return proof
    } catch (error) {
      back()
      throw error
    }
  }

  async function resume(): Promise<void> {
    if (client === null || current.state !== 'known' || !client.canResume()) return
    const mine = nextTurn()
    const proof = await client.resume()
    if (mine !== turn) return
    if (proof.ok) await take(proof.value, mine)
    else become({ failure: proof.failure })
  }

  /** Keeps the proof young while the console is open; an agent whose session is over goes on reading, for a time. */
  async function renew(): Promise<void> {
    const { state, person } = current
    if (person === null) return
    if (state === 'known' && isProofOlder(knownForMs)) {
      nextTurn()
      become({ ...gone, failure: tooOld() })
      await leave(person)
    }
    if (state !== 'signed-in') return
    const mine = turn
    if (client !== null) await renewProof(client, person, mine)
    await followFlags(mine)
  }
  async function renewProof(through: SignIn, person: Person, mine: number): Promise<void> {
    const proof = through.canResume() ? await through.resume() : null
    if (mine !== turn) return
    if (proof?.ok) {
      const { value: identity } = proof
      // Support no more, or since now: found out about anew, as at a sign-in.
      if (identity.sub !== person.id || deps.isSupport(identity) !== person.support)
        return void (await take(identity, mine))
      provenAt = now()
      await known.write(person, provenAt)
    } else if (proof?.failure.code === 'refused') {
      become({ state: 'known', failure: proof.failure })
    } else if (isProofOlder(provenForMs)) {
      const { failure } = failed('refused', 'session-over', 'The session is over.')
      become({ state: 'known', failure })
    }
  }
  /** What was closed meanwhile, at the address that the profile names, closes here too. */
  async function followFlags(mine: number): Promise<void> {
    const { flags, failure } = await deps.flags(false)
    const isNews = !isDeepStrictEqual([flags, failure], [current.flags, current.flagsFailure])
    if (mine === turn && current.state === 'signed-in' && isNews) become({ flags, flagsFailure: failure })
  }
  /** Whatever becomes of one renewal, another follows: a proof that nobody looks at would last for ever. */
  function renewLater(): void {
    clearTimeout(timer)
    if (isClosed || current.state === 'signed-out') return
    timer = setTimeout(() => renew().catch(deps.broke).finally(renewLater), renewEveryMs)
    timer.unref()
  }

  async function signOut(): Promise<SignedOut> {
    nextTurn()
    clearTimeout(timer)
    const { person } = current
    // First here, whatever becomes of the rest: the provider may be away.
    become(gone)
    client?.cancel()
    // What is kept for them goes at once; the provider is told while the rest is put away.
    const telling = client === null ? ('none' as const) : client.signOut()
    await known.forget()
    if (person) await leave(person)
    return { provider: await telling, session: read() }
  }

  if (client === null) await startAsAccount()
  else await startAsKnown()
  renewLater()

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
      await close({ plan, person, refusal }, nextTurn())
      await leave(person)
    },
    close() {
      isClosed = true
      nextTurn()
      clearTimeout(timer)
      client?.close()
    },
  }
}
