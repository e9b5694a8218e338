import type { Role } from '../../preload/people-shapes.ts'
import type { Locale, Status } from '../../preload/shapes.ts'

/** What a message says, before it is put into words. Links and passwords live here and in the message alone. */
export type Letter = {
  domain: string
  /** What it is about: a mailbox, an invitation's address, the domain itself. */
  about: string
  /** Null: there is nobody to write to. */
  to: string | null
  /** Absent: the profile's. */
  locale?: Locale | undefined
} & (
  | { kind: 'welcome'; facts: { link: string; expiresAt: number; maxUse: number } }
  /** For a dimail without login codes (2024): the one-time password itself. */
  | { kind: 'welcome'; facts: { password: string } }
  | { kind: 'password-reset'; facts: { password: string } }
  | { kind: 'login-link'; facts: { link: string; expiresAt: number; maxUse: number } }
  | { kind: 'invitation'; facts: { role: Role; by: string; expiresAt: number } }
  | { kind: 'status'; facts: { status: Status; failing: readonly string[] } }
  | { kind: 'test'; facts: Record<string, never> }
  /** Written elsewhere, and sent as it is: only ever because an agent asked. */
  | { kind: 'dns'; facts: { subject: string; text: string; html: string } }
)
