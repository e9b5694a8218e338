import type { Result } from '../../preload/failure.ts'
import type { Identity } from './identity.ts'

/** The client of one OpenID provider, for one profile. */
export type SignIn = {
  /** One attempt, in the system's browser; fails with `cancelled/sign-in` and `refused/sign-in-…` among others. */
  start(): Promise<Result<Identity>>
  /** Ends the attempt under way, if any. */
  cancel(): void
  /** Whether something is kept that proves the agent again without a browser. */
  canResume(): boolean
  /**
   * Proves the agent again: refreshes, reads userinfo. `refused/session-over` when the provider says no and
   * `refused/session-lost` when its answer was lost: then nothing is kept (docs/faults.md 33). `offline/provider`,
   * `timeout/provider`, `server-error/provider` when it cannot be asked: then everything is.
   * `not-possible/session-soon` with `seconds`: what was given less than a minute ago is not accepted any more.
   */
  resume(): Promise<Result<Identity>>
  /** Forgets everything kept, and tells nobody. */
  forget(): void
  /** Forgets everything kept, first; then tells the provider, in the browser. `none`: it offers no logout. */
  signOut(): Promise<'told' | 'offline' | 'none'>
  close(): void
}
