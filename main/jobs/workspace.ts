import type { Profile } from '../../preload/shapes.ts'
import type { Dimail } from '../dimail/client.ts'
import type { Cache } from '../store/cache.ts'
import type { Desk } from '../store/desk.ts'

/** Everything an opened profile works with. */
export type Workspace = {
  profile: Profile
  dimail: Dimail
  cache: Cache
  desk: Desk
  /** Who acts, as the journal will name them. */
  actor: string
  now(): number
  /** The repairs that dimail has not answered yet, by domain: one at a time each, whoever asks. */
  repairing: Map<string, Promise<unknown>>
  /** Tells the window which domains to read again; none: all of them. */
  changed(names: readonly string[]): void
}
