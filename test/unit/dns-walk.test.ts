import { describe, expect, test } from 'vitest'
import { createResolver } from '../../main/dns/read/resolver.ts'
import { createTree, none, record, reply, rootAddress, type Tree } from '../fakes/dns-tree.ts'

/** A registry, a host with two name servers, and a town. */
const small = {
  hosts: {
    'a.nic.example': ['198.51.100.2'],
    'ns1.host.test': ['198.51.100.11'],
    'ns2.host.test': ['198.51.100.12', '2001:db8::12'],
    'a.nic.test': ['198.51.100.3'],
    'ns.town.example': ['203.0.113.1'],
  },
  zones: [
    { name: 'example', ns: ['a.nic.example'] },
    { name: 'test', ns: ['a.nic.test'] },
    {
      name: 'host.test',
      ns: ['ns1.host.test', 'ns2.host.test'],
      records: [record('mx.host.test', 'A', '198.51.100.20')],
    },
    { name: 'town.example', ns: ['ns1.host.test', 'ns2.host.test'] },
    { name: 'own.example', ns: ['ns.own.example'] },
  ],
} satisfies Tree

const never = new AbortController().signal

function walking(tree: Tree, now = () => 0) {
  const made = createTree(tree)
  return { ...made, resolver: createResolver({ ...made, resolvers: () => [], now }) }
}

const authorityIn = (tree: Tree, name: string) => walking(tree).resolver.authorityOf(name, never)

describe('who holds a domain', () => {
  test('is found from the roots down, with every address of its servers, by a name server in another top-level domain', async () => {
    const { resolver, asked } = walking(small)
    expect(await resolver.authorityOf('town.example', never)).toEqual({
      state: 'delegated',
      zone: 'town.example',
      parentNs: ['ns1.host.test', 'ns2.host.test'],
      servers: [
        { name: 'ns1.host.test', address: '198.51.100.11' },
        { name: 'ns2.host.test', address: '198.51.100.12' },
        { name: 'ns2.host.test', address: '2001:db8::12' },
      ],
      dsAtParent: expect.objectContaining({ state: 'no-data' }),
    })
    expect(asked.every(({ recursion }) => !recursion)).toBe(true)
    expect(asked[0]).toMatchObject({ address: rootAddress, question: { name: 'example', type: 'NS' } })
  })

  test('is the zone above when the domain is a name in it, even one that is not there yet', async () => {
    for (const name of ['mail.town.example', 'deep.mail.town.example']) {
      expect(await authorityIn(small, name)).toMatchObject({ state: 'delegated', zone: 'town.example' })
    }
  })

  test('is nobody when the top-level domain says so', async () => {
    expect(await authorityIn(small, 'nowhere.example')).toEqual({ state: 'not-delegated', parent: 'example' })
    expect(await authorityIn(small, 'sub.nowhere.example')).toEqual({
      state: 'not-delegated',
      parent: 'example',
    })
    expect(await authorityIn(small, 'town.nonsense')).toEqual({ state: 'not-delegated', parent: '' })
  })

  test('is nobody when a zone of the registry below its top-level domain says so', async () => {
    const registry = { ...small, zones: [...small.zones, { name: 'gov.example', ns: ['a.nic.example'] }] }
    for (const name of ['town.gov.example', 'mail.town.gov.example'])
      expect(await authorityIn(registry, name)).toEqual({ state: 'not-delegated', parent: 'gov.example' })
    const town = { name: 'town.gov.example', ns: ['ns1.host.test'] }
    expect(await authorityIn({ ...registry, zones: [...registry.zones, town] }, town.name)).toMatchObject({
      state: 'delegated',
      zone: town.name,
    })
  })

  test('field 2.1: is not known, rather than nobody, when the parent cannot be read', async () => {
    const mute = { ...small, mishaps: { '198.51.100.2': 'servfail' } } satisfies Tree
    expect(await authorityIn(mute, 'town.example')).toEqual({
      state: 'unread',
      parent: 'example',
      reason: 'servfail',
    })
  })

  test('is found below a name that its parent denies, as some servers do', async () => {
    const deep = {
      hosts: { ...small.hosts },
      zones: [...small.zones, { name: 'a.b.town.example', ns: ['ns1.host.test'] }],
      answer: (_address: string, { name }: { name: string }) =>
        name === 'b.town.example' ? reply({ rcode: 'NXDOMAIN' }) : null,
    } satisfies Tree
    expect(await authorityIn(deep, 'a.b.town.example')).toMatchObject({ zone: 'a.b.town.example' })
  })

  test('is asked for at its parent each time, while the delegation of the top-level domain is remembered', async () => {
    let time = 0
    const { resolver, asked } = walking(small, () => time)
    const askedOf = (name: string) =>
      asked.filter(({ question }) => question.name === name && question.type === 'NS').length
    await resolver.authorityOf('town.example', never)
    expect([askedOf('example'), askedOf('town.example')]).toEqual([1, 1])
    await resolver.authorityOf('town.example', never)
    await resolver.authorityOf('sub.town.example', never)
    expect([askedOf('example'), askedOf('town.example')]).toEqual([1, 3])
    time = 301_000
    await resolver.authorityOf('town.example', never)
    expect(askedOf('example')).toBe(2)
  })

  test('of a thousand domains at once asks for what they share once', async () => {
    const towns = Array.from({ length: 1000 }, (_, place) => `town-${place}.example`)
    const zones = [...small.zones, ...towns.map((name) => ({ name, ns: ['ns1.host.test', 'ns2.host.test'] }))]
    const { resolver, asked } = walking({ ...small, zones, takes: () => new Promise(setImmediate) })
    const found = await Promise.all(towns.map((name) => resolver.authorityOf(name, never)))
    expect(found.every(({ state }) => state === 'delegated')).toBe(true)
    const shared = asked.filter(({ question }) => !question.name.startsWith('town-'))
    // The two top-level domains, the host, and the addresses of its two servers.
    expect(shared).toHaveLength(7)
    expect(asked).toHaveLength(7 + 2 * towns.length)
  })
})

describe('a name server', () => {
  const without = (parts: Partial<Tree>): Tree => ({ hosts: small.hosts, zones: small.zones, ...parts })

  test('whose name leads to no address is told as such', async () => {
    const zones = [...small.zones, { name: 'lost.example', ns: ['gone.host.test', 'ns1.host.test'] }]
    expect(await authorityIn(without({ zones }), 'lost.example')).toMatchObject({
      servers: [
        { name: 'gone.host.test', address: null, trouble: null },
        { name: 'ns1.host.test', address: '198.51.100.11' },
      ],
    })
  })

  test('whose address cannot be read is told apart from one that has none', async () => {
    const zones = [
      ...small.zones,
      { name: 'dead.test', ns: ['ns.dead.test'] },
      { name: 'lost.example', ns: ['other.dead.test', 'ns1.host.test'] },
    ]
    const hosts = { ...small.hosts, 'ns.dead.test': ['203.0.113.66'] }
    const found = await authorityIn({ zones, hosts, mishaps: { '203.0.113.66': 'timeout' } }, 'lost.example')
    expect(found).toMatchObject({
      servers: [
        { name: 'ns1.host.test', address: '198.51.100.11' },
        { name: 'other.dead.test', address: null, trouble: 'timeout' },
      ],
    })
  })

  test('whose name needs the zone that it serves leads nowhere, and the walk ends', async () => {
    const zones = [
      ...small.zones,
      { name: 'one.example', ns: ['ns.two.test'] },
      { name: 'two.test', ns: ['ns.one.example'] },
    ]
    const { resolver, asked } = walking(without({ zones }))
    const both = await Promise.all([
      resolver.authorityOf('one.example', never),
      resolver.authorityOf('two.test', never),
      resolver.authorityOf('one.example', never),
    ])
    for (const [place, name] of ['ns.two.test', 'ns.one.example', 'ns.two.test'].entries()) {
      expect(both[place]).toMatchObject({
        state: 'delegated',
        servers: [{ name, address: null, trouble: null }],
      })
    }
    expect(asked.length).toBeLessThan(60)
  })

  test('is reached by another way, when only one way to its name goes round', async () => {
    const zones = [
      ...small.zones,
      { name: 'one.example', ns: ['ns.two.test'] },
      { name: 'two.test', ns: ['ns.one.example', 'ns1.host.test'] },
    ]
    const hosts = { ...small.hosts, 'ns.two.test': ['203.0.113.2'], 'ns.one.example': ['203.0.113.1'] }
    // Without glue: neither top-level domain says where they are.
    const answer: Tree['answer'] = (address, { name, type }) => {
      const isTop = address === '198.51.100.2' || address === '198.51.100.3'
      if (!isTop || type === 'DS' || !/(^|\.)(one\.example|two\.test)$/.test(name)) return null
      const cut = name.endsWith('one.example') ? 'one.example' : 'two.test'
      const ns = cut === 'one.example' ? ['ns.two.test'] : ['ns.one.example', 'ns1.host.test']
      return reply({ authoritative: false, authority: ns.map((value) => record(cut, 'NS', value)) })
    }
    const { resolver } = walking({ zones, hosts, answer })
    const [one, two] = await Promise.all([
      resolver.authorityOf('one.example', never),
      resolver.authorityOf('two.test', never),
    ])
    expect(one).toMatchObject({ servers: [{ name: 'ns.two.test', address: '203.0.113.2' }] })
    expect(two).toMatchObject({ servers: [{ address: '203.0.113.1' }, { address: '198.51.100.11' }] })
  })

  test('is not believed about the addresses of names that are not its own', async () => {
    const hosts = { ...small.hosts, 'evil.example': ['203.0.113.99'] }
    const answer: Tree['answer'] = (address, { name, type }) =>
      address === '198.51.100.2' && name === 'town.example' && type === 'NS'
        ? reply({
            authoritative: false,
            authority: [record('town.example', 'NS', 'ns1.host.test')],
            additional: [record('ns1.host.test', 'A', '203.0.113.99')],
          })
        : null
    const found = await authorityIn({ ...small, hosts, answer }, 'town.example')
    expect(JSON.stringify(found)).not.toContain('203.0.113.99')
    expect(found).toMatchObject({ servers: [{ address: '198.51.100.11' }] })
  })

  test('that is silent does not stop the walk: another is asked meanwhile', async () => {
    const hosts = { ...small.hosts, 'a.nic.example': ['198.51.100.2', '198.51.100.4'] }
    const takes = (address: string) =>
      address === '198.51.100.2' ? new Promise<void>(() => undefined) : Promise.resolve()
    const stop = new AbortController()
    const { resolver } = walking({ ...small, hosts, takes })
    expect(await resolver.authorityOf('town.example', stop.signal)).toMatchObject({ state: 'delegated' })
    stop.abort()
  })
})

describe('a name elsewhere', () => {
  const zones = [
    ...small.zones,
    {
      name: 'mail.test',
      ns: ['ns1.host.test'],
      records: [
        record('spf.mail.test', 'TXT', 'v=spf1 -all'),
        record('away.mail.test', 'CNAME', 'mx.host.test'),
        record('round.mail.test', 'CNAME', 'other.town.example'),
        ...Array.from({ length: 12 }, (_, place) =>
          record(`c${place}.mail.test`, 'CNAME', `c${place + 1}.mail.test`),
        ),
      ],
    },
    { name: 'sub.mail.test', ns: ['ns2.host.test'], records: [record('x.sub.mail.test', 'TXT', 'here')] },
  ]
  const towns = zones.map((zone) =>
    zone.name === 'town.example'
      ? { ...zone, records: [record('other.town.example', 'CNAME', 'round.mail.test')] }
      : zone,
  )
  const tree: Tree = { ...small, zones: towns }
  const lookIn = (name: string, type: 'A' | 'TXT' | 'DS' = 'TXT', other: Partial<Tree> = {}) =>
    walking({ ...tree, ...other }).resolver.lookup(name, type, never)

  test.each([
    ['spf.mail.test', 'TXT', { state: 'found', records: [{ value: 'v=spf1 -all' }] }],
    ['x.sub.mail.test', 'TXT', { state: 'found', records: [{ value: 'here' }] }],
    [
      'away.mail.test',
      'A',
      { state: 'found', chain: ['mx.host.test'], records: [{ value: '198.51.100.20' }] },
    ],
    ['away.mail.test', 'TXT', { state: 'no-data', chain: ['mx.host.test'] }],
    ['spf.mail.test', 'A', { state: 'no-data', chain: [] }],
    ['none.mail.test', 'TXT', { state: 'no-name' }],
    ['none.nowhere.test', 'TXT', { state: 'no-name' }],
    ['sub.mail.test', 'DS', { state: 'no-data' }],
    ['round.mail.test', 'TXT', { state: 'unread', reason: 'cname-loop' }],
    ['c0.mail.test', 'TXT', { state: 'unread', reason: 'cname-too-long' }],
  ] as const)('%s %s is read through whatever zones it leads', async (name, type, look) => {
    expect(await lookIn(name, type)).toMatchObject(look)
  })

  test('is asked of another server when the first one fails, and that one last from then on', async () => {
    const { resolver, asked } = walking({ ...tree, mishaps: { '198.51.100.11': 'servfail' } })
    for (const name of ['a.host.test', 'b.host.test', 'c.host.test', 'd.host.test']) {
      expect(await resolver.lookup(name, 'TXT', never)).toMatchObject({ state: 'no-name' })
    }
    expect(asked.filter(({ address }) => address === '198.51.100.11').length).toBeLessThan(2)
  })

  test('field 2.1: is unread for the last reason when all servers fail, and asked again ten seconds later', async () => {
    let time = 0
    const mishaps = {
      '198.51.100.11': 'servfail',
      '198.51.100.12': 'refused',
      '2001:db8::12': 'refused',
    } as const
    const { resolver, asked } = walking({ ...tree, mishaps }, () => time)
    const look = () => resolver.lookup('mx.host.test', 'A', never)
    expect(await look()).toMatchObject({ state: 'unread' })
    const before = asked.length
    await look()
    expect(asked).toHaveLength(before)
    time = 10_000
    await look()
    expect(asked.length).toBeGreaterThan(before)
  })

  test('is remembered for its TTL, at least 30 seconds and at most an hour; a denial as its SOA says', async () => {
    const records = [
      record('long.keep.test', 'A', '192.0.2.1', { ttl: 86_400 }),
      record('short.keep.test', 'A', '192.0.2.1', { ttl: 1 }),
    ]
    const zones = [...small.zones, { name: 'keep.test', ns: ['ns1.host.test'], records }]
    let time = 0
    const { resolver, asked } = walking({ ...small, zones }, () => time)
    const askedFor = async (name: string, at: number) => {
      time = at * 1000
      const before = asked.filter(({ question }) => question.name === name).length
      await resolver.lookup(name, 'A', never)
      return asked.filter(({ question }) => question.name === name).length - before
    }
    const asksAt = async (name: string, times: number[]) => {
      const asks: number[] = []
      for (const at of times) asks.push(await askedFor(name, at))
      return asks
    }
    expect(await asksAt('long.keep.test', [0, 3599, 3600])).toEqual([1, 0, 1])
    expect(await asksAt('short.keep.test', [4000, 4029, 4030])).toEqual([1, 0, 1])
    expect(await asksAt('none.keep.test', [5000, 5299, 5300])).toEqual([1, 0, 1])
  })
})

describe('a hostile tree', () => {
  const deep = Array.from({ length: 60 }, (_, place) => `l${place}`).join('.')

  test('that refers one label further for ever is left', async () => {
    const answer: Tree['answer'] = (address, { name }) => {
      if (address !== '203.0.113.9') return null
      const labels = name.split('.')
      const cut = labels.slice(-(3 + (step++ % labels.length))).join('.')
      return reply({
        authoritative: false,
        authority: [record(cut, 'NS', 'ns.evil.example')],
        additional: [record('ns.evil.example', 'A', '203.0.113.9')],
      })
    }
    let step = 0
    const tree: Tree = {
      hosts: { ...small.hosts, 'ns.evil.example': ['203.0.113.9'] },
      zones: [...small.zones, { name: 'evil.example', ns: ['ns.evil.example'] }],
      answer,
    }
    const { resolver, asked } = walking(tree)
    expect(await resolver.lookup(`${deep}.evil.example`, 'TXT', never)).toMatchObject({ state: 'unread' })
    await resolver.authorityOf(`${deep}.evil.example`, never)
    expect(asked.length).toBeLessThan(200)
  })

  test('whose name servers are always in yet another zone is left', async () => {
    let zone = 0
    const answer: Tree['answer'] = (address, { name }) => {
      if (address !== '198.51.100.3') return null
      const cut = name.split('.').slice(-2).join('.')
      const names = Array.from({ length: 10 }, () => record(cut, 'NS', `ns.evil-${zone++}.test`))
      return cut === 'test' ? null : reply({ authoritative: false, authority: names })
    }
    const { resolver, asked } = walking({ ...small, answer })
    expect(await resolver.lookup('x.evil.test', 'TXT', never)).toMatchObject({ state: 'unread' })
    expect(asked.length).toBeLessThanOrEqual(100)
  })

  test('that names a thousand servers has thirteen of them looked at', async () => {
    const many = Array.from({ length: 1000 }, (_, place) => `ns${place}.many.example`)
    const hosts = {
      ...small.hosts,
      ...Object.fromEntries(many.map((name, place) => [name, [`2001:db8::${place.toString(16)}`]])),
    }
    const zones = [...small.zones, { name: 'many.example', ns: many }]
    const found = await authorityIn({ hosts, zones }, 'many.example')
    expect(found).toMatchObject({ state: 'delegated' })
    expect(found.state === 'delegated' && found.servers.length).toBe(13)
  })

  test('that only fails ends at once when nobody waits any more', async () => {
    const stop = new AbortController()
    const takes = () => new Promise<void>(() => undefined)
    const { resolver } = walking({ ...small, takes })
    const walk = resolver.authorityOf('town.example', stop.signal)
    stop.abort()
    expect(await walk).toMatchObject({ state: 'unread', reason: 'deadline' })
  })
})

test('one who leaves does not stop what others wait for', async () => {
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const { resolver, asked } = walking({
    ...small,
    takes: (address) => (address === rootAddress ? held : Promise.resolve()),
  })
  const leaver = new AbortController()
  const left = resolver.lookup('mx.host.test', 'A', leaver.signal)
  const stayed = resolver.lookup('mx.host.test', 'A', never)
  leaver.abort()
  expect(await left).toMatchObject({ reason: 'deadline' })
  release()
  expect(await stayed).toMatchObject({ state: 'found' })
  expect(asked.filter(({ address }) => address === rootAddress)).toHaveLength(1)
})

test('a root that is silent is no denial', async () => {
  const tree: Tree = { ...small, answer: () => none('timeout') }
  expect(await authorityIn(tree, 'town.example')).toEqual({ state: 'unread', parent: '', reason: 'timeout' })
})
