import type { ZoneReading } from '../../main/dns/read/reading.ts'
import { found, nothing, questionKey, unread } from '../../main/dns/zone/view.ts'
import type { DiagnosedRecord, Diagnosis, DnsServer, DnsVerdict, Look } from '../../preload/dns-shapes.ts'

/** What each authoritative server says of a record, in one word. */
export type Word = 'right' | 'wrong' | 'absent' | 'silent'

const verdictOf: Record<Word, DnsVerdict> = {
  right: 'correct',
  wrong: 'incorrect',
  absent: 'missing',
  silent: 'error',
}

function lookOf(word: Word, name: string, ttl: number): Look {
  if (word === 'absent') return nothing('no-data')
  if (word === 'silent') return unread('timeout')
  const value = word === 'right' ? 'mx.dimail.example' : 'mx.autre.example'
  return found([{ name, type: 'MX', ttl, value, priority: 10, strings: null }])
}

/** Graver first, as where servers disagree. */
const aggregated = (words: readonly Word[]): DnsVerdict => {
  const read = words.filter((word) => word !== 'silent')
  const worst = (['absent', 'wrong', 'right'] as const).find((word) => read.includes(word))
  return worst === undefined ? 'error' : verdictOf[worst]
}

/**
 * A diagnosis of MX records, one a row: what each server says of it. Servers are `ns0.hote.example` and so on, then a
 * public one that says what `outside` says.
 */
export function diagnosisOf(
  rows: readonly (readonly Word[])[],
  {
    domain = 'val-fictif.example',
    at = 1_000_000,
    ttl = 600,
    since = at,
    outside = 'right',
    troubles = {},
  }: {
    domain?: string
    at?: number
    ttl?: number
    since?: number
    outside?: Word
    troubles?: Record<number, DnsServer['trouble']>
  } = {},
): Diagnosis {
  const width = Math.max(0, ...rows.map((row) => row.length))
  const servers: DnsServer[] = Array.from({ length: width }, (_, place) => ({
    role: 'authoritative',
    name: `ns${place}.hote.example`,
    address: `192.0.2.${place + 1}`,
    trouble: troubles[place] ?? (rows.every((row) => row[place] === 'silent') ? 'timeout' : null),
  }))
  const resolver: DnsServer = { role: 'public', name: null, address: '203.0.113.53', trouble: null }
  const records = rows.map((row, index): DiagnosedRecord => {
    const name = index === 0 ? domain : `r${index}.${domain}`
    return {
      key: `mx ${name}`,
      kind: 'mx',
      expected: { target: index === 0 ? '' : `r${index}`, type: 'mx', value: 'mx.dimail.example.' },
      name,
      type: 'MX',
      verdict: aggregated(row),
      findings: [],
      check: 'mx',
      answers: [...row, outside].map((word, server) => ({
        ...lookOf(word, name, ttl),
        server: server < row.length ? server : width,
        verdict: verdictOf[word],
        at,
      })),
      since,
      before: null,
    }
  })
  return {
    domain,
    at,
    tookMs: 40,
    expectedAt: at - 1,
    delegation: {
      state: 'delegated',
      zone: domain,
      parent: servers.map(({ name }) => name ?? ''),
      child: servers.map(({ name }) => name ?? ''),
      findings: [],
    },
    servers: [...servers, resolver],
    host: null,
    records,
    information: [],
  }
}

/** What such a diagnosis was made from. */
export function readingOf({ domain, at, tookMs, delegation, servers, records }: Diagnosis): ZoneReading {
  return {
    domain,
    at,
    tookMs,
    delegation,
    servers,
    everywhere: Object.fromEntries(
      records.map(({ name, type, answers }) => [
        questionKey({ name, type }),
        answers.map(({ server, verdict, at: answeredAt, ...look }) => ({
          server,
          look,
          at: answeredAt,
          tookMs: 5,
        })),
      ]),
    ),
    elsewhere: { 'A mx.dimail.example': nothing('no-name') },
    dnssec: 'unsigned',
  }
}
