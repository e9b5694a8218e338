import type { DnsRecord, Look, RecordType, UnreadReason } from '../../../preload/dns-shapes.ts'

export type Question = { name: string; type: RecordType }

/** How questions are told apart in records and maps: `TXT _dmarc.example.org`. */
export const questionKey = ({ name, type }: Question): string => `${type} ${name}`

/**
 * What somebody says of names: a server, a zone, a zone as it would be. Names as `absolute` of ./names.ts writes them.
 * Undefined: the question was never asked.
 */
export type View = { look(name: string, type: RecordType): Look | undefined }

export const found = (records: DnsRecord[], chain: string[] = [], wildcard = false): Look => ({
  state: 'found',
  reason: null,
  records,
  chain,
  wildcard,
})

/** Nothing of this type, or no such name. CNAMEs may have led there. */
export const nothing = (state: 'no-data' | 'no-name', chain: string[] = []): Look => ({
  state,
  reason: null,
  records: [],
  chain,
  wildcard: false,
})

export const unread = (reason: UnreadReason, chain: string[] = []): Look => ({
  state: 'unread',
  reason,
  records: [],
  chain,
  wildcard: false,
})

/** The first of several views that was asked. */
export const firstOf = (...views: readonly View[]): View => ({
  look(name, type) {
    for (const view of views) {
      const said = view.look(name, type)
      if (said !== undefined) return said
    }
    return undefined
  },
})

/** A view that notes what it was asked in vain, for whoever can go and ask. */
export function noting(view: View): View & { wanted(): Question[] } {
  const wanted = new Map<string, Question>()
  return {
    look(name, type) {
      const said = view.look(name, type)
      if (said === undefined) wanted.set(questionKey({ name, type }), { name, type })
      return said
    },
    wanted: () => [...wanted.values()],
  }
}
