import { z } from 'zod'
import type { Domain } from '../domain.ts'
import type { DnsRecord } from '../zone.ts'
import { answerOf, isName, publishedType } from './data.ts'
import { modesOf, publish } from './published.ts'
import { hostOf, serverModes } from './servers.ts'

const record = z.object({ target: z.string(), type: z.string(), value: z.string() })

/** What the owner of a domain wants published, and how the name servers of the host are to treat it. */
export const edit = z.strictObject({
  domain: z.string(),
  delegated: z.boolean(),
  records: z.array(record).max(10_000),
  servers: z.array(z.strictObject({ name: z.string(), mode: z.enum(serverModes) })).max(20),
})
export type Edit = z.infer<typeof edit>

/** Why a zone is not taken; `place` of the record, from 0, when it is one record's fault. */
export type Refused = {
  reason: 'record-type' | 'record-name' | 'record-value' | 'name-server'
  place: number | null
  name: string
}

/** What is published of a domain, for who edits it. */
export function zoneToEdit(domain: Domain) {
  const { delegated, failure, records } = domain.zone
  const failing = failure === 'timeout' ? 'silent' : failure
  const servers = modesOf(domain).map(({ name, mode }) => ({ name, mode: failing ?? mode }))
  return { domain: domain.name, delegated, records, host: hostOf(domain.name).name, servers }
}

/** Publishes what a domain's owner wants; null once it is done. A record that no zone can hold is refused. */
export function publishEdit(domain: Domain, wanted: Edit): Refused | null {
  const refused = faultOf(domain, wanted)
  if (refused !== null) return refused
  const records = wanted.records.map(({ target, type, value }) => ({
    target: target.toLowerCase(),
    type: type.toLowerCase(),
    value: closed(type, value.trim()),
  }))
  domain.servers = new Map(
    wanted.servers.filter(({ mode }) => mode !== 'right').map(({ name, mode }) => [name, mode]),
  )
  publish(domain, { delegated: wanted.delegated, failure: null, records })
  return null
}

function faultOf(domain: Domain, { records, servers }: Edit): Refused | null {
  for (const [place, one] of records.entries()) {
    const reason = faultOfRecord(domain.name, one)
    if (reason !== null) return { reason, place, name: one.target }
  }
  const known = modesOf(domain).map(({ name }) => name)
  const stranger = servers.find(({ name }) => !known.includes(name))
  return stranger === undefined ? null : { reason: 'name-server', place: null, name: stranger.name }
}

function faultOfRecord(domain: string, record: DnsRecord): Refused['reason'] | null {
  if (publishedType(record.type) === undefined) return 'record-type'
  if (!isTarget(record.target, domain)) return 'record-name'
  const answer = answerOf(domain, 0, { ...record, value: record.value.trim() })
  return answer === null ? 'record-value' : null
}

/** Relative, without final dot; `*` only as a whole first label (RFC 4592 2.1.1). */
const isTarget = (target: string, domain: string): boolean =>
  target === '' || (/^(\*|[\w-]+)(\.[\w-]+)*$/.test(target) && isName(`${target}.${domain}`))

/** Host values end with a dot, as everywhere here. */
const closed = (type: string, value: string): string =>
  ['CNAME', 'MX', 'NS', 'SRV'].includes(type.toUpperCase()) && !value.endsWith('.') ? `${value}.` : value
