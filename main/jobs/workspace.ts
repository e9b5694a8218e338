import type { Person } from '../../preload/people-shapes.ts'
import type { Profile } from '../../preload/profile-shapes.ts'
import type { Status } from '../../preload/shapes.ts'
import type { Dimail } from '../dimail/client.ts'
import type { Judged } from '../dimail/verdict.ts'
import type { Post } from '../mail/post.ts'
import type { Cache } from '../store/cache.ts'
import type { Desk } from '../store/desk.ts'

/** Which domains some work done unasked is about: those that the agent may read. */
export type Concern = (domain: string) => boolean
export const everyDomain: Concern = () => true

/** Everything an opened profile works with. */
export type Workspace = {
  profile: Profile
  dimail: Dimail
  cache: Cache
  desk: Desk
  /** Who is at this console; the journal names them by `id`. */
  person(): Person
  post: Post
  /** Where login links lead, without a final slash; null: this profile does not know its webmail. */
  webmail(): string | null
  now(): number
  /** The repairs that dimail has not answered yet, by domain: one at a time each, whoever asks. */
  repairing: Map<string, Promise<unknown>>
  /** Tells the window which domains to read again; none: all of them. */
  changed(names: readonly string[]): void
  /** A check or a repair asked from here found the domain in another status than before; null: never seen. */
  turned(name: string, before: Status | null, now: Judged): void
  /** Tells the window that mailboxes, aliases or waiting mailboxes of a domain changed; null: of any. */
  mailboxesChanged(domain: string | null): void
  rightsChanged(domain: string | null): void
  mailChanged(): void
  /** Whether the console may change something nobody asks for at this moment: an agent is proven, nothing is locked. */
  mayActAlone(): boolean
}
