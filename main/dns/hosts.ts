import type {
  Diagnosis,
  DnsRecord,
  DnsState,
  HostForm,
  JudgedRecord,
  Proposal,
} from '../../preload/dns-shapes.ts'
import data from '../../resources/dns-hosts.json' with { type: 'json' }
import { type DnsHostProfile, dnsHosts, type HostWords } from './host-shapes.ts'
import { isNamed, wantedRecord } from './propose/wanted.ts'
import { absolute, isWithin, relativeTo } from './zone/names.ts'

/** Every host of resources/dns-hosts.json; the last one stands for all that are not known. */
export const knownHosts: readonly DnsHostProfile[] = dnsHosts.parse(data).hosts

const unknownHost = (): DnsHostProfile => {
  const host = knownHosts.find(({ id }) => id === 'unknown')
  if (!host) throw new Error('resources/dns-hosts.json has no host "unknown"')
  return host
}

/** Who hosts a zone: the one host that all of its name servers are of, else `unknown` (docs/field.md 3.6). */
export function hostOf(nameServers: readonly string[]): DnsHostProfile {
  const servers = nameServers.map(absolute)
  const host = knownHosts.find(
    ({ nameServers: suffixes }) =>
      servers.length > 0 && servers.every((server) => suffixes.some((suffix) => isWithin(server, suffix))),
  )
  return host ?? unknownHost()
}

/** The host as a diagnosis names it. */
export const namedHost = ({ id, name }: DnsHostProfile): Diagnosis['host'] =>
  id === 'unknown' ? null : { id, name }

/**
 * One record as the host's page wants it typed. Names are written for the zone, which may lie above the domain; one
 * outside of it is given in full. An empty name is a field to leave empty. What nobody published yet has the host's
 * usual priority.
 */
export function formOf(host: DnsHostProfile, record: DnsRecord, zone: string): HostForm {
  const { type } = record
  const priority = type === 'MX' ? (record.priority ?? host.priority.usual) : null
  const value = writtenValue(host, record)
  return {
    name: nameOf(host, absolute(record.name), absolute(zone)),
    type,
    value: priority !== null && !host.priority.apart ? `${priority} ${value}` : value,
    priority: host.priority.apart ? priority : null,
    labels: { fr: labelsFor(host.words.fr, type), en: labelsFor(host.words.en, type) },
  }
}

/** The field of a value is called otherwise for some types. */
function labelsFor({ labels }: HostWords, of: string): HostForm['labels']['fr'] {
  const { name, type, value, priority } = labels
  const by: Partial<Record<string, string>> = labels.valueBy
  return { name, type, value: by[of] ?? value, priority }
}

function nameOf(host: DnsHostProfile, name: string, zone: string): string {
  const full = host.names === 'full-dot' ? `${name}.` : name
  if (!isWithin(name, zone)) return full
  if (name === zone && host.apex !== 'full') return host.apex === '@' ? '@' : ''
  return host.names === 'relative' && name !== zone ? relativeTo(name, zone) : full
}

function writtenValue(host: DnsHostProfile, { type, value }: DnsRecord): string {
  if (isNamed(type)) return host.finalDot ? `${absolute(value)}.` : absolute(value)
  if (type === 'TXT' && host.quotes) return `"${value.replace(/["\\]/g, '\\$&')}"`
  return value
}

/** What to type for each change of a proposal, in its order. */
export const stepsOf = (host: DnsHostProfile, { changes }: Proposal, zone: string): DnsState['steps'] =>
  changes.map(({ id, before, after }) => ({
    change: id,
    before: before && formOf(host, before, zone),
    after: after && formOf(host, after, zone),
  }))

/** Every expected record in the host's form, by key. One of a type that the console does not know has none. */
export const formsOf = (
  host: DnsHostProfile,
  domain: string,
  records: readonly Pick<JudgedRecord, 'key' | 'expected'>[],
  zone: string,
): DnsState['forms'] =>
  records.flatMap(({ key, expected }) => {
    const wanted = wantedRecord(domain, expected)
    return wanted === null ? [] : [{ key, form: formOf(host, { ...wanted, priority: null }, zone) }]
  })
