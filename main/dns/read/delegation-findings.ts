import type { DnsFinding, DnsServer, FindingCode, Level, UnreadReason } from '../../../preload/dns-shapes.ts'
import type { Authority } from './authority.ts'

/** Which finding is made of a server that cannot be read. Null: of the whole reading, not of the server. */
const ofServer: Record<UnreadReason, FindingCode | null> = {
  timeout: 'server-silent',
  servfail: 'server-fails',
  refused: 'server-refuses',
  lame: 'server-lame',
  unreachable: 'server-unreachable',
  'no-ipv6': null,
  'private-address': 'server-private',
  malformed: 'server-garbled',
  'too-large': 'server-garbled',
  'other-code': 'server-garbled',
  'cname-loop': 'server-garbled',
  'cname-too-long': 'server-garbled',
  dnssec: null,
  deadline: null,
  'not-asked': null,
}

export type Seen = {
  authority: Authority
  /** The zone's own names of its servers; null: not known. */
  child: readonly string[] | null
  servers: readonly DnsServer[]
  /** A validating resolver refuses what is wrongly signed. */
  broken: boolean
  /** Something was left unread since one of these was spent: the seconds, or the questions, that it was given. */
  cutShort: { seconds: number } | { questions: number } | null
}

/** What is to be said of the delegation of a domain and of its servers (docs/dns.md), in the order of the servers. */
export function delegationFindings({ authority, child, servers, broken, cutShort }: Seen): DnsFinding[] {
  const own = servers.filter(({ role }) => role === 'authoritative')
  const isMute = own.length > 0 && own.every(({ trouble }) => trouble !== null)
  return [
    ...aboutDelegation(authority, child),
    ...own.flatMap((server) => aboutServer(server, isMute ? 'blocking' : 'warning')),
    ...aboutIpv6(own, isMute),
    ...servers.filter(({ role }) => role === 'public').flatMap(aboutPublic),
    ...(broken ? [finding('dnssec-broken', 'blocking', {})] : []),
    ...(cutShort
      ? [finding('seconds' in cutShort ? 'deadline' : 'questions-spent', 'warning', cutShort)]
      : []),
  ]
}

const finding = (code: FindingCode, level: Level, facts: DnsFinding['facts']): DnsFinding => ({
  code,
  level,
  facts,
})

/** Of thirteen roots, all over the world: what is unread for such a reason is not let out from here. */
const fromHere: ReadonlySet<UnreadReason> = new Set<UnreadReason>([
  'timeout',
  'unreachable',
  'no-ipv6',
  'deadline',
])

const listed = (names: readonly string[]): string => names.join(', ')

function aboutDelegation(authority: Authority, child: Seen['child']): DnsFinding[] {
  if (authority.state === 'not-delegated') {
    return [finding('not-delegated', 'blocking', { parent: authority.parent || '.' })]
  }
  if (authority.state === 'unread') {
    const { parent, reason } = authority
    if (parent === '' && fromHere.has(reason)) return [finding('roots-silent', 'blocking', { reason })]
    return [finding('delegation-unread', 'blocking', { parent: parent || '.', reason })]
  }
  const { parentNs: parent, zone } = authority
  if (child === null || listed(parent) === listed(child)) return []
  const facts = {
    zone,
    parent: listed(parent),
    child: listed(child),
    onlyParent: listed(parent.filter((name) => !child.includes(name))),
    onlyChild: listed(child.filter((name) => !parent.includes(name))),
  }
  return [finding('delegation-differs', 'warning', facts)]
}

function aboutServer({ name, address, trouble }: DnsServer, level: Level): DnsFinding[] {
  if (trouble === null) return []
  const server = name ?? ''
  if (address === null) {
    if (trouble === 'not-asked') return [finding('server-without-address', level, { server })]
    return [finding('server-address-unread', level, { server, reason: trouble })]
  }
  const code = ofServer[trouble]
  return code === null ? [] : [finding(code, level, { server, address, reason: trouble })]
}

/** Once, however many: it is this computer that lacks something. */
function aboutIpv6(own: readonly DnsServer[], isMute: boolean): DnsFinding[] {
  const beyond = own.filter(({ trouble }) => trouble === 'no-ipv6')
  if (beyond.length === 0) return []
  const servers = listed([...new Set(beyond.map(({ name }) => name ?? ''))])
  return [finding('no-ipv6-here', isMute ? 'warning' : 'note', { servers, count: beyond.length })]
}

function aboutPublic({ address, trouble }: DnsServer): DnsFinding[] {
  if (trouble === null || trouble === 'no-ipv6' || ofServer[trouble] === null) return []
  // One that fails over this domain does so for those who write to it; one that is silent is silent to us.
  const level = trouble === 'servfail' ? 'warning' : 'note'
  return [finding('public-fails', level, { address: address ?? '', reason: trouble })]
}
