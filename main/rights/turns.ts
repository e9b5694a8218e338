import type { Desk } from '../store/desk.ts'

const turns = new WeakMap<Desk, Map<string, Promise<unknown>>>()

/** One after the other for each domain: what was read before writing is then still true. */
export function inTurn<T>(desk: Desk, domain: string, work: () => Promise<T>): Promise<T> {
  const lines = turns.get(desk) ?? new Map<string, Promise<unknown>>()
  turns.set(desk, lines)
  const mine = (lines.get(domain) ?? Promise.resolve()).then(work, work)
  lines.set(domain, mine)
  const leave = () => {
    if (lines.get(domain) === mine) lines.delete(domain)
  }
  mine.then(leave, leave)
  return mine
}
