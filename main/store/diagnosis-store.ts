import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type Database from 'better-sqlite3'
import { z } from 'zod'
import {
  type Diagnosis,
  delegation,
  diagnosis as diagnosisShape,
  dnsServer,
  look,
} from '../../preload/dns-shapes.ts'
import type { ZoneReading } from '../dns/read/reading.ts'
import { parsed } from './journal.ts'

/** A diagnosis with what it was made from, so that a proposal and a rehearsal need ask nobody. */
export type KeptDiagnosis = { diagnosis: Diagnosis; reading: ZoneReading }

/** The last diagnosis of each domain. */
export type DiagnosisStore = {
  /** Null: never diagnosed, or by a version that wrote it otherwise. */
  readDiagnosis(name: string): KeptDiagnosis | null
  /** Of a domain that is not known here, or no longer, nothing is kept. */
  storeDiagnosis(diagnosis: Diagnosis, reading: ZoneReading): void
}

/** Whatever is in the file, no more than this is unpacked of it. */
const mostBytes = 32 * 1024 * 1024

const instant = z.number()
const zoneReading: z.ZodType<ZoneReading> = z.object({
  domain: z.string(),
  at: instant,
  tookMs: z.number(),
  delegation,
  servers: z.array(dnsServer),
  everywhere: z.record(
    z.string(),
    z.array(z.object({ server: z.int(), look, at: instant, tookMs: z.number() })),
  ),
  elsewhere: z.record(z.string(), look),
  dnssec: z.enum(['unsigned', 'signed', 'broken', 'unknown']),
})
const keptDiagnosis = z.object({ diagnosis: diagnosisShape, reading: zoneReading })

export function createDiagnosisStore(db: Database.Database): DiagnosisStore {
  const idOf = db.prepare<[string], number>('SELECT id FROM domain WHERE name = ?').pluck()
  const read = db
    .prepare<[string], Buffer>(
      'SELECT body FROM diagnosis JOIN domain ON domain.id = domain_id WHERE name = ?',
    )
    .pluck()
  const write = db.prepare(
    `INSERT INTO diagnosis (domain_id, at, body) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET at = excluded.at, body = excluded.body`,
  )

  return {
    readDiagnosis(name) {
      const body = read.get(name)
      return body === undefined ? null : (keptDiagnosis.safeParse(unpacked(body)).data ?? null)
    },
    storeDiagnosis: db.transaction((diagnosis: Diagnosis, reading: ZoneReading) => {
      const domain = idOf.get(diagnosis.domain)
      if (domain === undefined) return
      write.run(domain, diagnosis.at, packed({ diagnosis, reading }))
    }),
  }
}

/** Every server says much the same: what is kept is a tenth of what was said, and a fleet of it fits on a disk. */
const packed = (kept: KeptDiagnosis): Buffer => deflateRawSync(JSON.stringify(kept))

function unpacked(body: Buffer): unknown {
  try {
    return parsed(inflateRawSync(body, { maxOutputLength: mostBytes }).toString('utf8'))
  } catch {
    return null
  }
}
