import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer } from 'dns-packet'
import type { ReachOf } from '../../main/dns/wire/ask.ts'
import { createAsk } from '../../main/dns/wire/create-ask.ts'
import { isWithin } from '../../main/dns/zone/names.ts'
import { viewOfZone } from '../../main/dns/zone/virtual.ts'
import type { DnsRecord, RecordType } from '../../preload/dns-shapes.ts'
import { findUnbound } from '../tools/name-server.mjs'
import { startDaemon } from './daemon.ts'
import { type Asked, type FakeReply, freePort, startNameServer } from './name-server.ts'
import { startNsd } from './nsd.ts'

/** A zone in lines of a master file (RFC 1035 5), relative to its apex; `.` is the root. SOA and NS are given. */
type Zones = Readonly<Record<string, readonly string[]>>
/** Name servers by their addresses, each with the zones that it holds. */
export type Internet = Readonly<Record<string, Zones>>

type Running = { port: number; close(): Promise<void> }

/**
 * A few name servers of the real world (nsd) where they are installed, else of our own, each on a port of loopback and
 * known by an address that is for documentation. `reach` leads to them and to nobody else.
 */
export async function startInternet(internet: Internet) {
  const running = new Map<string, Running>()
  for (const [address, zones] of Object.entries(internet)) running.set(address, await startOne(zones))
  const reach: ReachOf = (address) => {
    const server = running.get(address)
    if (server === undefined) return 'unreachable'
    return address.includes(':')
      ? { host: '::1', port: server.port, family: 6 }
      : { host: '127.0.0.1', port: server.port, family: 4 }
  }
  return {
    reach,
    portOf: (address: string) => running.get(address)?.port ?? 0,
    add: (address: string, server: Running) => void running.set(address, server),
    close: async () => void (await Promise.all([...running.values()].map((server) => server.close()))),
  }
}

async function startOne(zones: Zones): Promise<Running> {
  const texts = Object.entries(zones).map(
    ([apex, lines]) => [apex, `$TTL 300\n${lines.join('\n')}\n`] as const,
  )
  const nsd = await startNsd(Object.fromEntries(texts))
  return nsd ?? startOwn(zones)
}

/** What nsd does with the same lines, as far as these tests see it. */
async function startOwn(zones: Zones): Promise<Running> {
  const held = Object.entries(zones).map(([apex, lines]) => ({
    apex: bare(apex),
    records: readLines(apex, lines),
  }))
  const answer = ({ name, type }: Asked): FakeReply => {
    const zone = held
      .filter(({ apex }) => isWithin(name, apex))
      .sort((a, b) => b.apex.length - a.apex.length)[0]
    if (zone === undefined) return { rcode: 'REFUSED', authoritative: false }
    const cut = zone.records.find(
      (one) =>
        one.type === 'NS' &&
        one.name !== zone.apex &&
        isWithin(name, one.name) &&
        !(type === 'DS' && one.name === name),
    )
    const wire = (records: readonly DnsRecord[]) => records.map(onWire)
    if (cut !== undefined)
      return {
        authoritative: false,
        authority: wire(zone.records.filter((one) => one.type === 'NS' && one.name === cut.name)),
        additional: wire(zone.records.filter((one) => /^A/.test(one.type) && isWithin(one.name, cut.name))),
      }
    const look = viewOfZone(zone.apex, zone.records).look(name, type as RecordType)
    if (look?.state === 'found') return { answers: wire(look.records) }
    const soa = zone.records.filter((one) => one.type === 'SOA')
    return { ...(look?.state === 'no-name' ? { rcode: 'NXDOMAIN' } : {}), authority: wire(soa) }
  }
  const port = await freePort()
  const servers = await Promise.all(
    (['127.0.0.1', '::1'] as const).map((host) => startNameServer({ host, port, answer })),
  )
  return { port, close: async () => void (await Promise.all(servers.map((server) => server.close()))) }
}

const bare = (name: string): string => name.toLowerCase().replace(/\.$/, '')

/** Lines as these tests write them: owner, type, value; one string in quotes to a TXT. */
function readLines(apex: string, lines: readonly string[]): DnsRecord[] {
  const zone = bare(apex)
  const full = (name: string) =>
    name === '@' ? zone : name.endsWith('.') ? bare(name) : [name, zone].filter(Boolean).join('.')
  return lines.map((line) => {
    const [owner = '', type = '', ...rest] = line.split(/\s+/)
    const data = rest.join(' ')
    const record = { name: full(owner), type: type as RecordType, ttl: 300, priority: null, strings: null }
    if (type === 'MX') return { ...record, priority: Number(rest[0]), value: full(rest[1] ?? '') }
    if (type === 'TXT') return { ...record, value: data.slice(1, -1), strings: [data.slice(1, -1)] }
    return { ...record, value: type === 'NS' || type === 'CNAME' ? full(data) : data }
  })
}

function onWire({ name, type, ttl, value, priority }: DnsRecord): Answer {
  const head = { name, ttl: ttl ?? 300 }
  switch (type) {
    case 'MX':
      return { ...head, type, data: { preference: priority ?? 0, exchange: value } }
    case 'TXT':
      return { ...head, type, data: [Buffer.from(value)] }
    case 'SOA': {
      const [mname = '', rname = '', serial, refresh, retry, expire, minimum] = value.split(' ')
      const numbers = { serial: Number(serial), refresh: Number(refresh), retry: Number(retry) }
      return {
        ...head,
        type,
        data: { mname, rname, ...numbers, expire: Number(expire), minimum: Number(minimum) },
      }
    }
    case 'DS': {
      const [keyTag, algorithm, digestType, digest = ''] = value.split(' ')
      const numbers = { keyTag: Number(keyTag), algorithm: Number(algorithm), digestType: Number(digestType) }
      return { ...head, type, data: { ...numbers, digest: Buffer.from(digest, 'hex') } }
    }
    case 'A':
    case 'AAAA':
    case 'NS':
    case 'CNAME':
      return { ...head, type, data: value }
    default:
      throw new Error(`These tests have no ${type}`)
  }
}

const startsWithinMs = 10_000

/**
 * A resolver that validates: unbound where it is installed, else one that does as it would. It knows the zones by the
 * ports of their name servers, and trusts `anchors`: what is below one of them and is not signed so is bogus.
 */
export async function startValidator(
  zones: Readonly<Record<string, number>>,
  anchors: Readonly<Record<string, string>>,
): Promise<Running> {
  const program = findUnbound()
  return program === undefined ? playValidator(zones, anchors) : startUnbound(program, zones, anchors)
}

async function playValidator(
  zones: Readonly<Record<string, number>>,
  anchors: Readonly<Record<string, string>>,
): Promise<Running> {
  return startNameServer({
    async answer({ name, type, checkingDisabled }) {
      const zone = Object.keys(zones).find((apex) => isWithin(name, apex))
      if (zone === undefined) return { rcode: 'REFUSED' }
      if (zone in anchors && !checkingDisabled) return { rcode: 'SERVFAIL', extended: [9] }
      const ask = createAsk(() => ({ host: '127.0.0.1', port: zones[zone] ?? 0, family: 4 }))
      const said = await ask('', { name, type: type as RecordType }, { signal: AbortSignal.timeout(2000) })
      if (said.kind === 'none') return { rcode: 'SERVFAIL' }
      return { rcode: said.rcode, authoritative: false, answers: said.answers.map(onWire) }
    },
  })
}

async function startUnbound(
  program: string,
  zones: Readonly<Record<string, number>>,
  anchors: Readonly<Record<string, string>>,
): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'unbound-'))
  const port = await freePort()
  const file = join(folder, 'unbound.conf')
  writeFileSync(file, configuration(folder, port, zones, anchors))
  const unbound = startDaemon(program, folder, file)
  const ask = createAsk(() => ({ host: '127.0.0.1', port, family: 4 }), { triesMs: [200] })
  const until = AbortSignal.timeout(startsWithinMs)
  const [zone = ''] = Object.keys(zones)
  while (unbound.isRunning() && !until.aborted) {
    const said = await ask(
      '',
      { name: zone, type: 'SOA' },
      { signal: until, recursion: true, checkingDisabled: true },
    )
    if (said.kind === 'reply') return { port, close: unbound.close }
  }
  await unbound.close()
  throw new Error('unbound does not start')
}

const configuration = (
  folder: string,
  port: number,
  zones: Readonly<Record<string, number>>,
  anchors: Readonly<Record<string, string>>,
): string =>
  [
    'server:',
    `  interface: 127.0.0.1@${port}`,
    `  port: ${port}`,
    ...['chroot', 'username', 'pidfile'].map((nothing) => `  ${nothing}: ""`),
    `  directory: "${folder}"`,
    `  logfile: "${join(folder, 'log')}"`,
    ...['use-syslog: no', 'do-daemonize: no', 'do-not-query-localhost: no', 'do-ip6: no', 'ede: yes'].map(
      (one) => `  ${one}`,
    ),
    '  module-config: "validator iterator"',
    ...Object.entries(anchors).map(([apex, ds]) => `  trust-anchor: "${apex}. DS ${ds}"`),
    ...Object.entries(zones).flatMap(([apex, at]) => [
      'stub-zone:',
      `  name: "${apex}."`,
      `  stub-addr: 127.0.0.1@${at}`,
    ]),
    'remote-control:',
    '  control-enable: no',
    '',
  ].join('\n')
