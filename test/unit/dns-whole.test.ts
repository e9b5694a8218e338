import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compareRecords } from '../../main/dns/compare/compare.ts'
import { propose } from '../../main/dns/propose/propose.ts'
import { mostQuestions } from '../../main/dns/read/read-zone.ts'
import { absolute } from '../../main/dns/zone/names.ts'
import type { Question, View } from '../../main/dns/zone/view.ts'
import { found, questionKey, unread } from '../../main/dns/zone/view.ts'
import { viewOfZone } from '../../main/dns/zone/virtual.ts'
import type { DnsRecord, Look, Proposal } from '../../preload/dns-shapes.ts'
import { none, record, reply, rootAddress, type Tree } from '../fakes/dns-tree.ts'
import { diagnosed, toldOf } from './dns-whole.ts'
import {
  apexOf,
  elsewhereOf,
  expectedOf,
  recordsOf,
  usual,
  viewOfFile,
  type ZoneFile,
  zoneFile,
} from './dns-zone-file.ts'

const web = '192.0.2.99'
const star = record('*.town.example', 'A', web)

/** A town at one host, and the platform. */
const townOf = (records: DnsRecord[]): Tree => ({
  hosts: { 'a.nic.example': ['198.51.100.2'], 'ns1.town.example': ['203.0.113.1'] },
  zones: [
    {
      name: 'example',
      ns: ['a.nic.example'],
      records: [
        record('mx.platform.example', 'A', '192.0.2.10'),
        record('_spf.platform.example', 'TXT', 'v=spf1 ip4:192.0.2.0/24 -all'),
      ],
    },
    { name: 'town.example', ns: ['ns1.town.example'], records },
  ],
})

describe('field 2.1: a wildcard met by real questions (RFC 4592)', () => {
  test('is no record of the name, so that nothing is to be deleted there', async () => {
    const { proposal, records } = await diagnosed('town.example', townOf([star]), usual)
    expect(proposal.changes.map(({ act }) => act)).not.toContain('delete')
    expect(proposal.changes.map(toldOf)).toContain('add imap.town.example CNAME imap.platform.example')
    const imap = records.find(({ name }) => name === 'imap.town.example')
    expect(imap?.findings.find(({ code }) => code === 'wildcard')?.facts).toEqual({
      name: 'imap.town.example',
      wildcard: '*.town.example',
    })
  })

  test('is told from a record of the name itself that holds the same', async () => {
    const own = record('imap.town.example', 'A', web)
    const { proposal } = await diagnosed('town.example', townOf([star, own]), usual)
    expect(proposal.changes.filter(({ act }) => act === 'delete').map(toldOf)).toEqual([
      `delete imap.town.example A ${web}`,
    ])
  })

  test('that leads a whole subdomain elsewhere is followed as far as a dear SPF there', async () => {
    const texts = Array.from({ length: 8 }, (_, at) =>
      record(`s${at}.example`, 'TXT', `v=spf1 include:s${at + 1}.example -all`),
    )
    const tree = townOf([
      record('*.town.example', 'CNAME', 'www.town.example'),
      record('www.town.example', 'A', web),
      record('www.town.example', 'MX', 'mx.old.example', { priority: 5 }),
      record('www.town.example', 'TXT', 'v=spf1 a:s9.example include:s0.example ~all'),
    ])
    const [example, town] = tree.zones
    if (example === undefined || town === undefined) throw new Error('The tree has two zones')
    const end = [record('s8.example', 'TXT', 'v=spf1 -all'), record('s9.example', 'AAAA', '2001:db8::9')]
    const zones = [{ ...example, records: [...(example.records ?? []), ...texts, ...end] }, town]
    const { records, proposal } = await diagnosed('mail.town.example', { ...tree, zones }, usual)
    expect(records.flatMap(({ findings }) => findings.map(({ code }) => code))).not.toContain(
      'spf-include-unread',
    )
    expect(proposal.hindered.map(({ why }) => why)).not.toContain('unread')
  })

  test('that serves a subdomain without a zone of its own leaves it its web site', async () => {
    const mx = record('*.town.example', 'MX', 'mx.old.example', { priority: 10 })
    const { proposal, records } = await diagnosed('mail.town.example', townOf([star, mx]), usual)
    expect(records[0]?.findings.map(({ code }) => code)).toContain('wildcard')
    const told = proposal.changes.map(toldOf)
    expect(told).toContain('add mail.town.example MX 10 mx.platform.example')
    expect(told).toContain(`add mail.town.example A ${web}`)
    expect(proposal.changes.map(({ act }) => act)).not.toContain('delete')
    const stars = records.flatMap(({ findings }) => findings.filter(({ code }) => code === 'wildcard'))
    expect(new Set(stars.map(({ facts }) => facts.wildcard))).toEqual(new Set(['*.town.example']))
  })
})

test('faults 11: servers that all answer 64 KB, each something else, leave a reading that can be kept and shown', async () => {
  const addresses = Array.from({ length: 20 }, (_, place) => `203.0.113.${place + 1}`)
  let turn = 0
  const answer: Tree['answer'] = (address, { name, type }) => {
    if (!addresses.includes(address) || type === 'SOA' || type === 'NS') return null
    turn++
    if (type === 'TXT')
      return reply({ answers: [record(name, type, `v=spf1 ${`a:h${turn}.test `.repeat(6000)}`)] })
    const hosts = Array.from({ length: 2000 }, (_, at) => `h${at}-${turn}.test`)
    return reply({ answers: hosts.map((value, priority) => record(name, type, value, { priority })) })
  }
  const tree = { ...townOf([]), answer }
  const hosts = { ...tree.hosts, 'ns1.town.example': addresses }
  const { reading, records, proposal, asked } = await diagnosed('town.example', { ...tree, hosts }, usual)
  expect(reading.servers).toHaveLength(20)
  expect(asked.length).toBeLessThan(mostQuestions)
  // main/store/diagnosis-store.ts unpacks 32 MiB at most.
  expect(JSON.stringify({ reading, records, proposal }).length).toBeLessThan(25e6)
  expect(reading.tookMs).toBeLessThan(10_000)
})

test('field N3: beside a CNAME that could not be read nothing is proposed', () => {
  const view: View = {
    look: (name, type) =>
      type === 'MX' && name === 'town.example' ? unread('cname-loop', ['a.test']) : unread('timeout'),
  }
  const { changes, hindered } = propose('town.example', 'town.example', usual.slice(0, 1), view)
  expect(changes).toEqual([])
  expect(hindered).toEqual([{ key: 'mx:town.example', why: 'unread', facts: expect.anything() }])
})

test('field 3.5: the DMARC policy of the organisation is a subdomain’s too', async () => {
  const policy = record('_dmarc.town.example', 'TXT', 'v=DMARC1; p=reject')
  const { information } = await diagnosed('mail.town.example', townOf([policy]), usual)
  expect(information.find(({ kind }) => kind === 'dmarc')).toMatchObject({
    value: policy.value,
    findings: [{ code: 'dmarc-published', facts: { name: '_dmarc.town.example', policy: 'reject' } }],
  })
})

const folder = join(import.meta.dirname, 'zones')
const files = readdirSync(folder).map((name) => ({
  name: name.replace('.json', ''),
  file: zoneFile.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
}))

/** What a name server puts in a packet to say as much. */
function replyFor({ name, type }: Question, said: Look | undefined, apex: string) {
  const names = [name, ...(said?.chain ?? [])]
  const aliases = names.slice(1).map((value, at) => record(names[at] ?? '', 'CNAME', value))
  const end = names.at(-1) ?? name
  if (said?.state === 'found')
    return reply({ answers: [...aliases, ...said.records.map((one) => ({ ...one, name: end }))] })
  if (said?.reason === 'cname-loop') return reply({ answers: [...aliases, record(end, 'CNAME', name)] })
  if (said === undefined || said.state === 'unread') return reply({ answers: aliases })
  const soa = record(apex, 'SOA', `ns.${apex} hostmaster.${apex} 1 7200 900 1209600 300`)
  const rcode = said.state === 'no-name' ? 'NXDOMAIN' : 'NOERROR'
  return type === 'SOA' && name === apex
    ? reply({ answers: [soa] })
    : reply({ rcode, answers: aliases, authority: [soa] })
}

/** The zone of a file at a server of its own, and everything else at the root's. */
function treeOf(file: ZoneFile): Tree {
  const apex = apexOf(file)
  const server = '203.0.113.1'
  const ns = `ns1.${apex}`
  const own = viewOfZone(apex, [...recordsOf(file), record(ns, 'A', server)])
  const others = elsewhereOf(file)
  const inside: View = {
    look: (name, type) =>
      type === 'NS' && name === apex ? found([record(apex, 'NS', ns)]) : own.look(name, type),
  }
  return {
    hosts: { [ns]: [server] },
    zones: [{ name: apex, ns: [ns] }],
    answer(address, question) {
      const reason = file.unread?.[questionKey(question)]
      if (reason !== undefined && address === server) return none(reason)
      if (address === server) return replyFor(question, inside.look(question.name, question.type), apex)
      const isOwn = question.name === apex || question.name.endsWith(`.${apex}`)
      if (address !== rootAddress || isOwn) return null
      if (reason !== undefined) return none(reason)
      return replyFor(question, others.look(question.name, question.type), '')
    },
  }
}

describe('field 2.1: what is read of real servers is judged as the zone itself is', () => {
  // What is below a cut is at servers of its own, which the file does not tell of.
  const ofOneZone = files.filter(({ file }) => !file.zone.some((line) => / NS /.test(line)))

  test.each(ofOneZone.map(({ name, file }) => [name, file] as const))('%s', async (_, file) => {
    const expected = expectedOf(file)
    const { records, proposal } = await diagnosed(absolute(file.domain), treeOf(file), expected)
    const view = viewOfFile(file)
    const judged = compareRecords(file.domain, apexOf(file), expected, view)
    const short = (all: readonly { key: string; verdict: string; findings: readonly { code: string }[] }[]) =>
      all.map(({ key, verdict, findings }) => `${key} ${verdict} ${findings.map(({ code }) => code)}`)
    expect(short(records)).toEqual(short(judged))
    const wanted = propose(file.domain, apexOf(file), expected, view)
    expect(proposal.changes.map(toldOf)).toEqual(wanted.changes.map(toldOf))
    // Of a chain that is followed so far and no further, the costs are not those of the whole.
    const whyOf = ({ hindered }: Proposal) => hindered.map(({ key, why }) => [key, why])
    expect(whyOf(proposal)).toEqual(whyOf(wanted))
  })
})
