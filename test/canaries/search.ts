import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { formsOf, shortest } from './forms.ts'

type Needle = { bytes: Buffer; found: string }

/** What searches bytes for many texts at once: the names of those that are in them. */
export type Searcher = {
  in(bytes: Buffer): Set<string>
  /** The length of the longest of them. */
  longest: number
}

const bits = 18
const place = (a: number, b: number, c: number) =>
  Math.imul(a | (b << 8) | (c << 16), 0x9e3779b1) >>> (32 - bits)

/**
 * One pass for any number of secrets, after Wu and Manber: what three bytes say of how far the next find may be, which
 * is mostly nine bytes further. A secret is found in each of its forms.
 */
export function searcherFor(secrets: Iterable<readonly [secret: string, name: string]>): Searcher {
  const shifts = new Uint8Array(1 << bits).fill(shortest - 2)
  const endings = new Map<number, Needle[]>()
  let longest = shortest
  for (const [secret, name] of secrets) {
    const known = new Set<string>()
    for (const [form, bytes] of formsOf(secret)) {
      const written = bytes.toString('latin1')
      if (known.has(written)) continue
      known.add(written)
      longest = Math.max(longest, bytes.length)
      prepare({ bytes, found: `${name}, ${form}` }, shifts, endings)
    }
  }
  return { longest, in: (bytes) => finds(bytes, shifts, endings) }
}

function prepare(needle: Needle, shifts: Uint8Array, endings: Map<number, Needle[]>): void {
  const { bytes } = needle
  for (let last = 2; last < shortest; last++) {
    const at = place(bytes[last - 2] ?? 0, bytes[last - 1] ?? 0, bytes[last] ?? 0)
    shifts[at] = Math.min(shifts[at] ?? 0, shortest - 1 - last)
    if (last < shortest - 1) continue
    const alike = endings.get(at)
    if (alike === undefined) endings.set(at, [needle])
    else alike.push(needle)
  }
}

function finds(bytes: Buffer, shifts: Uint8Array, endings: Map<number, Needle[]>): Set<string> {
  const found = new Set<string>()
  for (let last = shortest - 1; last < bytes.length; ) {
    const at = place(bytes[last - 2] ?? 0, bytes[last - 1] ?? 0, bytes[last] ?? 0)
    const shift = shifts[at] ?? 0
    if (shift > 0) {
      last += shift
      continue
    }
    const from = last - shortest + 1
    for (const needle of endings.get(at) ?? []) if (stands(needle.bytes, bytes, from)) found.add(needle.found)
    last += 1
  }
  return found
}

const stands = (needle: Buffer, bytes: Buffer, from: number) =>
  bytes[from] === needle[0] &&
  from + needle.length <= bytes.length &&
  bytes.compare(needle, 0, needle.length, from, from + needle.length) === 0

const atOnce = 4 * 1024 * 1024

/** The names found in a file, read piece by piece; a file that is gone meanwhile holds nothing. */
export function searchFile(file: string, searcher: Searcher): Set<string> {
  const found = new Set<string>()
  const handle = opened(file)
  if (handle === null) return found
  const buffer = Buffer.allocUnsafe(atOnce + searcher.longest)
  try {
    for (let kept = 0; ; ) {
      const read = readSync(handle, buffer, kept, atOnce, null)
      if (read === 0) return found
      const filled = kept + read
      for (const name of searcher.in(buffer.subarray(0, filled))) found.add(name)
      // What may go on in the next piece.
      kept = Math.min(filled, searcher.longest - 1)
      buffer.copyWithin(0, filled - kept, filled)
    }
  } finally {
    closeSync(handle)
  }
}

function opened(file: string): number | null {
  try {
    return openSync(file, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Every file below a folder, names of files included: a line for each find, with the name of the secret alone. */
export function searchFolder(path: string, searcher: Searcher): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = join(entry.parentPath, entry.name)
    const named = [...searcher.in(Buffer.from(entry.name))].map(
      (found) => `the name of a file in ${path}: ${found}`,
    )
    const written = entry.isFile() ? [...searchFile(file, searcher)].map((found) => `${file}: ${found}`) : []
    return [...named, ...written]
  })
}
