import type { Person } from '../../preload/people-shapes.ts'
import type { Flags, ProfileLock } from '../../preload/profile-shapes.ts'
import type { SessionState } from '../../preload/session-shapes.ts'

/** Who is at the console, and what holds them whatever their role. */
export type Standpoint = {
  state: SessionState
  /** Null while nobody is known. */
  person: Person | null
  flags: Flags
  lock: ProfileLock
}
