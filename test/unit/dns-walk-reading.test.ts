import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mostFurther, mostRounds } from '../../main/dns/read/ask-elsewhere.ts'
import { mostQuestions, type ReadingTask, readZone } from '../../main/dns/read/read-zone.ts'
import type { ZoneReading } from '../../main/dns/read/reading.ts'
import { createResolver } from '../../main/dns/read/resolver.ts'
import type { Question, View } from '../../main/dns/zone/view.ts'
import type { DnsRecord } from '../../preload/dns-shapes.ts'
import {
  createTree,
  none,
  publicAddress,
  record,
  reply,
  rootAddress,
  type Tree,
  type TreeZone,
} from '../fakes/dns-tree.ts'

const one = '203.0.113.1'
const two = '203.0.113.2'
const three = '203.0.113.3'

const records = [
  record('town.example', 'MX', 'mx.host.test', { priority: 10 }),
  record('town.example', 'TXT', 'v=spf1 include:spf.host.test -all'),
  record('www.town.example', 'CNAME', 'web.host.test'),
]
const town: TreeZone = { name: 'town.example', ns: ['a.ns.test', 'b.ns.test', 'c.ns.test'], records }

const treeOf = (own: Partial<TreeZone> = {}, parts: Partial<Tree> = {}): Tree => ({
  ...parts,
  hosts: {
    'a.nic.example': ['198.51.100.2'],
    'a.nic.test': ['198.51.100.3'],
    'a.ns.test': [one],
    'b.ns.test': [two],
    'c.ns.test': [three],
    ...parts.hosts,
  },
  zones: [
    { name: 'example', ns: ['a.nic.example'] },
    {
      name: 'test',
      ns: ['a.nic.test'],
      records: [record('web.host.test', 'A', '192.0.2.80'), record('spf.host.test', 'TXT', 'v=spf1 -all')],
    },
    { ...town, ...own },
    ...(parts.zones ?? []),
  ],
})

const everywhere: Question[] = [
  { name: 'town.example', type: 'MX' },
  { name: 'town.example', type: 'TXT' },
  { name: 'www.town.example', type: 'CNAME' },
  { name: 'www.town.example', type: 'A' },
]

function reading(tree: Tree, task: Partial<ReadingTask> = {}, resolvers = [publicAddress]) {
  const made = createTree(tree)
  const resolver = createResolver({ ...made, resolvers: () => resolvers, now: Date.now })
  const signal = new AbortController().signal
  const read = readZone(resolver, {
    domain: 'town.example',
    everywhere,
    once: [],
    more: () => [],
    probe: 'nobody-1',
    signal,
    ...task,
  })
  return { ...made, read }
}

const codesOf = ({ delegation }: ZoneReading) =>
  delegation.findings.map(({ code, level }) => `${code} ${level}`)
const troublesOf = ({ servers }: ZoneReading) => servers.map(({ trouble }) => trouble)
const looksAt = (read: ZoneReading, key: string) => read.everywhere[key]?.map(({ look }) => look)

describe('a reading', () => {
  test('keeps what every server says to every question, by server, with the SOA first', async () => {
    const { read, asked } = reading(treeOf())
    const found = await read
    expect(found.servers).toEqual([
      { role: 'authoritative', name: 'a.ns.test', address: one, trouble: null },
      { role: 'authoritative', name: 'b.ns.test', address: two, trouble: null },
      { role: 'authoritative', name: 'c.ns.test', address: three, trouble: null },
      { role: 'public', name: null, address: publicAddress, trouble: null },
    ])
    expect(found.delegation).toEqual({
      state: 'delegated',
      zone: 'town.example',
      parent: town.ns,
      child: town.ns,
      findings: [],
    })
    expect(Object.keys(found.everywhere)).toEqual([
      'SOA town.example',
      'NS town.example',
      'MX town.example',
      'TXT town.example',
      'CNAME www.town.example',
      'A www.town.example',
    ])
    expect(
      found.everywhere['MX town.example']?.map(({ server, look }) => [server, look.records[0]?.value]),
    ).toEqual([0, 1, 2, 3].map((server) => [server, 'mx.host.test']))
    expect(found.dnssec).toBe('unsigned')
    expect(asked.filter(({ recursion }) => recursion).every(({ address }) => address === publicAddress)).toBe(
      true,
    )
    for (const address of [one, two, three]) {
      const [first] = asked.filter((ask) => ask.address === address && ask.question.type !== 'NS')
      expect(first?.question.type).toBe('SOA')
    }
  })

  test('follows a CNAME into another zone, once for all servers', async () => {
    const { read, asked } = reading(treeOf())
    for (const look of looksAt(await read, 'A www.town.example') ?? []) {
      expect(look).toMatchObject({
        state: 'found',
        chain: ['web.host.test'],
        records: [{ value: '192.0.2.80' }],
      })
    }
    expect(asked.filter(({ question }) => question.name === 'web.host.test')).toHaveLength(1)
  })

  test('asks below, where a name of the domain is delegated further', async () => {
    const keys = {
      name: '_domainkey.town.example',
      ns: ['b.ns.test'],
      records: [record('k._domainkey.town.example', 'TXT', 'v=DKIM1')],
    }
    const key: Question = { name: 'k._domainkey.town.example', type: 'TXT' }
    const { read } = reading(treeOf({}, { zones: [keys] }), { everywhere: [key] })
    const found = await read
    expect(looksAt(found, 'TXT k._domainkey.town.example')).toEqual(
      Array.from({ length: 4 }, () => expect.objectContaining({ state: 'found' })),
    )
    expect(codesOf(found)).toEqual([])
  })

  test('field 3.1: keeps apart what secondaries that lag behind say', async () => {
    const old = [
      record('town.example', 'SOA', 'ns. h. 1 2 3 4 300'),
      record('town.example', 'MX', 'old.host.test', { priority: 5 }),
    ]
    const found = await reading(treeOf({ recordsAt: { [two]: old }, serial: 2 })).read
    expect(looksAt(found, 'MX town.example')?.map(({ records: [first] }) => first?.value)).toEqual([
      'mx.host.test',
      'old.host.test',
      'mx.host.test',
      'mx.host.test',
    ])
  })

  test('asks for what one server is enough for of the one that is furthest ahead', async () => {
    const old = [record('town.example', 'SOA', 'ns. h. 1 2 3 4 300')]
    const once: Question[] = [{ name: '_dmarc.town.example', type: 'TXT' }]
    const { read, asked } = reading(treeOf({ recordsAt: { [one]: old, [two]: old }, serial: 2 }), { once })
    expect((await read).elsewhere['TXT _dmarc.town.example']).toMatchObject({ state: 'no-name' })
    expect(asked.filter(({ question }) => question.name === '_dmarc.town.example')).toMatchObject([
      { address: three },
    ])
  })

  test('field 2.1: tells a wildcard from a record', async () => {
    const wild = [
      ...records,
      record('*.town.example', 'CNAME', 'web.host.test'),
      record('x.town.example', 'CNAME', 'mx.host.test'),
    ]
    const questions: Question[] = ['webmail', 'x', 'www'].map((label) => ({
      name: `${label}.town.example`,
      type: 'CNAME',
    }))
    const found = await reading(treeOf({ records: wild }), { everywhere: questions }).read
    const isWild = (label: string) =>
      looksAt(found, `CNAME ${label}.town.example`)?.map(({ wildcard }) => wildcard)
    expect(isWild('webmail')).toEqual([true, true, true, true])
    expect(isWild('x')).toEqual([false, false, false, false])
    expect(found.elsewhere['CNAME nobody-1.town.example']).toMatchObject({ wildcard: false })
  })
})

describe('field 2.1: what cannot be read is never missing:', () => {
  test.each([
    ['timeout', 'server-silent'],
    ['servfail', 'server-fails'],
    ['refused', 'server-refuses'],
    ['upward', 'server-lame'],
    ['cached', 'server-lame'],
    ['unreachable', 'server-unreachable'],
    ['malformed', 'server-garbled'],
    ['private-address', 'server-private'],
  ] as const)('one server of three is %s, then all three are', async (mishap, code) => {
    const some = await reading(treeOf({}, { mishaps: { [two]: mishap } })).read
    const reason = mishap === 'upward' || mishap === 'cached' ? 'lame' : mishap
    expect(codesOf(some)).toEqual([`${code} warning`])
    expect(some.delegation.findings[0]?.facts).toEqual({ server: 'b.ns.test', address: two, reason })
    expect(troublesOf(some)).toEqual([null, reason, null, null])
    const all = await reading(treeOf({}, { mishaps: { [one]: mishap, [two]: mishap, [three]: mishap } })).read
    expect(codesOf(all)).toEqual(Array.from({ length: 3 }, () => `${code} blocking`))
    for (const looks of Object.values(all.everywhere)) {
      expect(looks.slice(0, 3).map(({ look }) => [look.state, look.reason])).toEqual(
        Array.from({ length: 3 }, () => ['unread', reason]),
      )
    }
  })

  test('a server that does not answer is asked nothing further', async () => {
    const { read, asked } = reading(treeOf({}, { mishaps: { [two]: 'timeout' } }))
    await read
    const ofSilent = asked.filter(({ address, question }) => address === two && question.type !== 'NS')
    expect(ofSilent.map(({ question }) => question.type)).toEqual(['SOA'])
  })

  test('a domain that the parent denies is not delegated, one whose parent is silent is unread', async () => {
    const denied = await reading(treeOf({ name: 'other.example' })).read
    expect(denied.delegation).toMatchObject({ state: 'not-delegated', zone: null })
    expect(codesOf(denied)).toEqual(['not-delegated blocking'])
    expect(denied.dnssec).toBe('unknown')
    const mute = await reading(treeOf({}, { mishaps: { '198.51.100.2': 'timeout' } }), {
      once: [{ name: '_dmarc.town.example', type: 'TXT' }],
    }).read
    expect(mute.delegation).toMatchObject({
      state: 'unread',
      zone: null,
      findings: [{ facts: { parent: 'example', reason: 'timeout' } }],
    })
    expect(mute.elsewhere['TXT _dmarc.town.example']).toMatchObject({ state: 'unread', reason: 'timeout' })
    // Who cannot walk may still be told by a resolver.
    expect(looksAt(mute, 'MX town.example')).toMatchObject([{ state: 'found' }])
  })

  test('a computer without IPv6 is told once, and is no fault of the servers', async () => {
    const hosts = { 'b.ns.test': [two, '2001:db8::2'], 'c.ns.test': ['2001:db8::3'] }
    const mishaps = { '2001:db8::2': 'no-ipv6', '2001:db8::3': 'no-ipv6' } as const
    const some = await reading(treeOf({}, { hosts, mishaps })).read
    expect(codesOf(some)).toEqual(['no-ipv6-here note'])
    expect(some.delegation.findings[0]?.facts).toEqual({ servers: 'b.ns.test, c.ns.test', count: 2 })
    const only = await reading(treeOf({ ns: ['c.ns.test'] }, { hosts, mishaps })).read
    expect(codesOf(only)).toEqual(['no-ipv6-here warning'])
    const there = await reading(treeOf({ ns: ['c.ns.test'] }, { hosts })).read
    expect(troublesOf(there)).toEqual([null, null])
  })

  test('name servers without an address, or whose address cannot be read, are told by name', async () => {
    const ns = ['a.ns.test', 'gone.ns.test', 'other.dead.test']
    const dead = { name: 'dead.test', ns: ['ns.dead.test'] }
    const hosts = { 'ns.dead.test': ['203.0.113.66'] }
    const found = await reading(
      treeOf({ ns }, { zones: [dead], hosts, mishaps: { '203.0.113.66': 'timeout' } }),
    ).read
    expect(found.delegation.findings).toEqual([
      {
        code: 'server-without-address',
        level: 'warning',
        facts: { server: 'gone.ns.test' },
      },
      {
        code: 'server-address-unread',
        level: 'warning',
        facts: { server: 'other.dead.test', reason: 'timeout' },
      },
    ])
  })

  test('a name server whose address is out of reach is not said to have none', async () => {
    const dead = { name: 'dead.test', ns: ['ns.dead.test'] }
    const hosts = { 'ns.dead.test': ['203.0.113.66'] }
    const mishaps = { '203.0.113.66': 'unreachable' } as const
    const found = await reading(
      treeOf({ ns: ['a.ns.test', 'x.dead.test'] }, { zones: [dead], hosts, mishaps }),
    ).read
    expect(codesOf(found)).toEqual(['server-address-unread warning'])
  })

  test('parent and zone that name other servers are told from both sides', async () => {
    const found = await reading(
      treeOf({ parentNs: ['a.ns.test', 'b.ns.test'], ns: ['b.ns.test', 'c.ns.test'] }),
    ).read
    expect(found.delegation.findings).toContainEqual({
      code: 'delegation-differs',
      level: 'warning',
      facts: {
        zone: 'town.example',
        parent: 'a.ns.test, b.ns.test',
        child: 'b.ns.test, c.ns.test',
        onlyParent: 'a.ns.test',
        onlyChild: 'c.ns.test',
      },
    })
  })
})

describe('DNSSEC', () => {
  const signed = record('town.example', 'DS', '12345 13 2 00')
  const withDs: TreeZone = { name: 'example', ns: ['a.nic.example'], records: [signed] }
  const isDs = ({ type }: Question) => type === 'DS'
  const answer: NonNullable<Tree['answer']> = (_, question) =>
    isDs(question) ? reply({ answers: withDs.records ?? [] }) : null

  test('is signed when the parent has a DS, or a resolver has validated', async () => {
    expect((await reading(treeOf({}, { answer })).read).dnssec).toBe('signed')
    const validated: Tree['answer'] = (address) =>
      address === publicAddress ? reply({ validated: true, authoritative: false }) : null
    expect((await reading(treeOf({}, { answer: validated })).read).dnssec).toBe('signed')
  })

  test('is broken when a resolver refuses what it gives to who does not validate', async () => {
    const found = await reading(treeOf({ bogus: true })).read
    expect(found.dnssec).toBe('broken')
    expect(codesOf(found)).toEqual(['dnssec-broken blocking'])
    expect(troublesOf(found)).toEqual([null, null, null, 'dnssec'])
    expect(looksAt(found, 'MX town.example')?.at(-1)).toMatchObject({ state: 'unread', reason: 'dnssec' })
  })

  test('is not blamed for a failure that passes, nor for one that stays without validation', async () => {
    const failed = new Set<string>()
    const passing: Tree['answer'] = (address, { name, type }) => {
      const key = `${type} ${name}`
      if (address !== publicAddress || failed.has(key)) return null
      failed.add(key)
      return reply({ rcode: 'SERVFAIL', authoritative: false })
    }
    const passed = await reading(treeOf({}, { answer: passing })).read
    expect([passed.dnssec, codesOf(passed)]).toEqual(['unsigned', []])
    const staying = await reading(treeOf({}, { mishaps: { [publicAddress]: 'servfail' } })).read
    expect([staying.dnssec, codesOf(staying)]).toEqual(['unsigned', ['public-fails warning']])
  })

  test('is not known when the parent does not tell', async () => {
    const mute: Tree['answer'] = (_, question) => (isDs(question) ? none('timeout') : null)
    expect((await reading(treeOf({}, { answer: mute })).read).dnssec).toBe('unknown')
  })
})

describe('a reading is bounded', () => {
  /** What includes the next one, for ever. */
  const chain: NonNullable<Tree['answer']> = (_, { name, type }) => {
    const number = /^i(\d+)\.host\.test$/.exec(name)?.[1]
    if (number === undefined || type !== 'TXT') return null
    return reply({ answers: [record(name, 'TXT', `v=spf1 include:i${Number(number) + 1}.host.test -all`)] })
  }
  const nextOf = (view: View, wide: number): Question[] => {
    const questions: Question[] = [{ name: 'i0.host.test', type: 'TXT' }]
    for (const { name } of questions) {
      const said = view.look(name, 'TXT')?.records[0]?.value
      const next = Number(/include:i(\d+)/.exec(said ?? '')?.[1])
      if (!Number.isNaN(next) && questions.length < 500) {
        for (let place = 0; place < wide; place++)
          questions.push({ name: `i${next * wide + place}.host.test`, type: 'TXT' })
      }
    }
    return questions.filter(({ name, type }) => view.look(name, type) === undefined)
  }

  test('field 3.4: by rounds, for a chain of 300 includes', async () => {
    const found = await reading(treeOf({}, { answer: chain }), { more: (view) => nextOf(view, 1) }).read
    const included = Object.keys(found.elsewhere).filter((key) => key.endsWith('.host.test'))
    expect(included).toHaveLength(mostRounds)
  })

  test('field 3.4: by questions, for a tree of includes', async () => {
    const found = await reading(treeOf({}, { answer: chain }), { more: (view) => nextOf(view, 30) }).read
    expect(Object.keys(found.elsewhere)).toHaveLength(mostFurther)
  })

  test('by its number of questions', async () => {
    const many = Array.from(
      { length: 500 },
      (_, place): Question => ({ name: `x${place}.town.example`, type: 'A' }),
    )
    const { read, asked } = reading(treeOf(), { everywhere: many })
    const { findings } = (await read).delegation
    expect(findings).toContainEqual({
      code: 'questions-spent',
      level: 'warning',
      facts: { questions: mostQuestions },
    })
    expect(codesOf(await read)).not.toContain('deadline warning')
    expect(asked).toHaveLength(mostQuestions)
  })

  test('by its deadline, after which what was answered stands', async () => {
    const silent = (address: string) =>
      address === two ? new Promise<void>(() => undefined) : Promise.resolve()
    const found = await reading(treeOf({}, { takes: silent }), { deadlineMs: 1000 }).read
    expect(codesOf(found)).toEqual(['deadline warning'])
    expect(found.delegation.findings[0]?.facts).toEqual({ seconds: 1 })
    expect(looksAt(found, 'MX town.example')?.map(({ state }) => state)).toEqual([
      'found',
      'unread',
      'found',
      'found',
    ])
    expect(troublesOf(found)).toEqual([null, 'deadline', null, null])
  })

  test.each([rootAddress, '198.51.100.2', one, publicAddress])(
    'by who asks, while %s is waited for',
    async (address) => {
      const stop = new AbortController()
      const takes = async (at: string) => {
        if (at !== address) return
        stop.abort()
        await new Promise(() => undefined)
      }
      const found = await reading(treeOf({ ns: ['a.ns.test'] }, { takes }), { signal: stop.signal }).read
      expect(codesOf(found)).toContain('deadline warning')
    },
  )
})

test('the order in which answers come, and of what is in them, changes nothing', async () => {
  const shuffled = (seed: number): Tree => {
    const turned = (of: readonly DnsRecord[]) => (seed % 2 === 0 ? [...of] : [...of].reverse())
    let step = seed
    const takes = async () => {
      step = (step * 1103515245 + 12345) % 2 ** 31
      for (let turns = step % 7; turns > 0; turns--) await new Promise(setImmediate)
    }
    return treeOf(
      {
        records: turned([...records, record('town.example', 'MX', 'mx2.host.test', { priority: 20 })]),
        ns: seed % 3 === 0 ? town.ns : town.ns.toReversed(),
      },
      { takes, mishaps: { [two]: 'servfail' } },
    )
  }
  const summary = async (seed: number) => {
    const {
      at: _at,
      tookMs: _took,
      everywhere: asked,
      ...rest
    } = await reading(shuffled(seed), {
      once: [{ name: 'spf.host.test', type: 'TXT' }],
    }).read
    const said = Object.entries(asked).map(([key, answers]) => [
      key,
      answers.map(({ server, look }) => [
        server,
        look.state,
        look.reason,
        look.records.map(({ value }) => value).toSorted(),
      ]),
    ])
    return { ...rest, said }
  }
  const expected = await summary(0)
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 30 }), async (seed) => {
      expect(await summary(seed)).toEqual(expected)
    }),
    { numRuns: 40 },
  )
})
