import type { FailureCode } from '../../preload/failure.ts'
import type { Console } from '../fakes/console.ts'

export type Making = unknown | ((console: Console) => unknown)
export type Row = {
  fits: Making
  /** One input beside those that fit no call, refused by its shape alone. */
  unfit: unknown
  fails?: { before?: (console: Console) => unknown; with?: Making; code: FailureCode }
  /** What is fuzzed, when the input that fits would cost too much a thousand times. */
  fuzzed?: Making
  /** What is done before fuzzing, when the call itself would cost too much a thousand times. */
  fuzzedAfter?: (console: Console) => unknown
}

/** What the sandbox of the open profile is asked with: its address, its user and its password. */
export async function credentials({ deps, process }: Console) {
  return {
    address: await deps.sandbox.address(),
    username: 'sandbox',
    password: process.running()?.password ?? '',
  }
}

const closed = async (console: Console) => console.profiles.close()
export const stopped = async (console: Console) => void (await console.deps.sandbox.stop())
export const noProfile = { before: closed, code: 'not-possible' } as const

/** A town of the sandbox that everything may be asked about, with its mailboxes and aliases read. */
export const town = 'clairvaux-les-granges.example'
export const unknown = 'inconnue.example'
export const page = { offset: 0, limit: 20 }
