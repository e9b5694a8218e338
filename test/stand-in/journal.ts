import { appendFileSync } from 'node:fs'

export type Entry =
  | { kind: 'opened-link'; url: string }
  | { kind: 'clipboard'; text: string }
  | { kind: 'aborted-request'; url: string }
  | { kind: 'denied-window'; url: string }
  | { kind: 'dialog'; asked: 'open' | 'save'; title: string; suggested: string }
  | { kind: 'notification'; title: string; body: string }

/** Tells a test what the program did to the world outside: one JSON line in the file STAND_IN_JOURNAL. */
export function record(entry: Entry): void {
  if (process.env.STAND_IN_JOURNAL) appendFileSync(process.env.STAND_IN_JOURNAL, `${JSON.stringify(entry)}\n`)
}
