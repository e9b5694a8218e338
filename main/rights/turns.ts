import { alone } from '../jobs/alone.ts'
import type { Desk } from '../store/desk.ts'

/** One after the other for each domain: what was read before writing is then still true. */
export const inTurn = <T>(desk: Desk, domain: string, work: () => Promise<T>): Promise<T> =>
  alone(desk, `rights on ${domain}`, work)
