import type { Timeouts } from '../http/wire.ts'

/** docs/decisions/timeouts.md says where each comes from. */
const ordinary: Timeouts = { connect: 5_000, headers: 10_000, idle: 10_000, total: 30_000 }

export const paces = {
  ordinary,
  /** dimail asks the DNS or runs commands on other machines before it answers (docs/dimail.md 3.2, 3.5). */
  slow: { ...ordinary, headers: 25_000 },
  /** A list of mailboxes may take two minutes (docs/dimail.md 4.3). */
  list: { ...ordinary, headers: 100_000, total: 120_000 },
} satisfies Record<string, Timeouts>
export type Pace = keyof typeof paces
