import type { DnsFinding, Information } from '../../../preload/dns-shapes.ts'
import type { ZoneReading } from '../read/reading.ts'
import { absolute, parentOf } from '../zone/names.ts'
import type { View } from '../zone/view.ts'
import { parseDkim, tagOf } from './dkim-parse.ts'
import { finding, settled, shortened } from './finding.ts'
import { unreadable } from './surroundings.ts'

/**
 * What a domain publishes beyond what dimail requires. None of it is a verdict; at worst a warning.
 * @param view is asked TXT at `_dmarc` of the domain and of what is above it, `_mta-sts` and `_smtp._tls`.
 */
export function informationOf(domain: string, view: View, dnssec: ZoneReading['dnssec']): Information[] {
  const name = absolute(domain)
  return [
    dmarcOf(name, view),
    oneText('mta-sts', `_mta-sts.${name}`, /^v=STSv1\s*;/, view),
    oneText('tls-rpt', `_smtp._tls.${name}`, /^v=TLSRPTv1\s*;/, view),
    { kind: 'dnssec', value: null, findings: [signed[dnssec]()] },
  ]
}

const signed: Record<ZoneReading['dnssec'], () => DnsFinding> = {
  unsigned: () => finding('note', 'dnssec-unsigned'),
  signed: () => finding('note', 'dnssec-signed'),
  unknown: () => finding('note', 'dnssec-unknown'),
  broken: () => finding('blocking', 'dnssec-broken'),
}

type Texts = { state: 'read'; texts: string[] } | { state: 'unread'; findings: DnsFinding[] }

function textsAt(name: string, view: View, version: RegExp): Texts {
  const said = view.look(name, 'TXT')
  if (said === undefined || said.state === 'unread')
    return { state: 'unread', findings: unreadable(said).findings }
  const texts = said.records.map(({ value }) => value).filter((text) => version.test(text))
  return { state: 'read', texts: texts.toSorted() }
}

/** Of more than one none counts (RFC 8461 3.1, RFC 8460 3). */
function oneText(kind: 'mta-sts' | 'tls-rpt', name: string, version: RegExp, view: View): Information {
  const read = textsAt(name, view, version)
  if (read.state === 'unread') return { kind, value: null, findings: read.findings }
  const [text, second] = read.texts
  if (text === undefined || second !== undefined)
    return { kind, value: null, findings: [finding('note', `${kind}-none`, { name })] }
  return { kind, value: text, findings: [finding('note', `${kind}-published`, { name, found: text })] }
}

const isDmarc = /^v\s*=\s*DMARC1\s*(?:;|$)/

/** The policy of the domain, else of what is above it: the organisation's (RFC 7489 6.6.3), short of the top level. */
function dmarcOf(domain: string, view: View): Information {
  for (let at: string | null = domain; at?.includes('.'); at = parentOf(at)) {
    const name = `_dmarc.${at}`
    const read = textsAt(name, view, isDmarc)
    // Above the domain, what nobody asked for is no trouble of its own.
    if (read.state === 'unread' && at === domain)
      return { kind: 'dmarc', value: null, findings: read.findings }
    if (read.state === 'unread' || read.texts.length === 0) continue
    const [text = ''] = read.texts
    const value = shortened(text)
    if (read.texts.length > 1)
      return {
        kind: 'dmarc',
        value,
        findings: [finding('warning', 'dmarc-two', { name, count: read.texts.length })],
      }
    return { kind: 'dmarc', value, findings: settled([policyFinding(text, name, at !== domain)]) }
  }
  return {
    kind: 'dmarc',
    value: null,
    findings: [finding('note', 'dmarc-none', { name: `_dmarc.${domain}` })],
  }
}

function policyFinding(text: string, name: string, isInherited: boolean): DnsFinding {
  const read = parseDkim(text.replace(isDmarc, ''))
  const policy = (tagOf(read, 'p') ?? '').toLowerCase()
  const own = isInherited ? (tagOf(read, 'sp')?.toLowerCase() ?? policy) : policy
  const isKnown = (word: string) => ['none', 'quarantine', 'reject'].includes(word)
  const errors = read.errors.filter((error) => error !== '')
  if (!isKnown(policy) || !isKnown(own) || errors.length > 0)
    return finding('warning', 'dmarc-syntax', { name, found: errors[0] ?? `p=${policy}` })
  return finding('note', own === 'none' ? 'dmarc-watching' : 'dmarc-published', { name, policy: own })
}
