import { createHash } from 'node:crypto'

/** A 32-bit number that depends on the text alone, to seed `createRandom`. */
export function seedOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32LE(0)
}

/** A repeatable source: the same seed gives the same draws (mulberry32). Not for secrets. */
export function createRandom(seed: number) {
  let state = seed >>> 0
  function fraction(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    /** A whole number from 0 to `below - 1`. */
    below: (below: number) => Math.floor(fraction() * below),
    chance: (probability: number) => fraction() < probability,
  }
}
export type Random = ReturnType<typeof createRandom>
