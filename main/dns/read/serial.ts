import type { Answered } from './reading.ts'

/** Whether a serial number comes after another, which wraps at 2^32 (RFC 1982 3.2). */
function isAfter(serial: number, other: number): boolean {
  const distance = (serial - other) >>> 0
  return distance > 0 && distance < 2 ** 31
}

/** The number of an SOA: its third field (RFC 1035 3.3.13); null when there is none. */
export function serialOf({ look }: Pick<Answered, 'look'>): number | null {
  const soa = look.records.find(({ type }) => type === 'SOA')
  const serial = Number(soa?.value.split(/\s+/)[2])
  return Number.isInteger(serial) ? serial : null
}

/** Answers to the question for an SOA, the newest version of the zone first. */
export function furthestAhead(answers: readonly Answered[]): Answered[] {
  return answers.toSorted((a, b) => {
    const [ours, theirs] = [serialOf(a), serialOf(b)]
    if (ours === theirs) return a.server - b.server
    if (ours === null || theirs === null) return ours === null ? 1 : -1
    return isAfter(ours, theirs) ? -1 : 1
  })
}
