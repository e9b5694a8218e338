import { expect, test } from 'vitest'
import { namesOf, openDns, town } from './sandbox-dns-open.ts'

const mx = (value: string) => [{ target: '', type: 'mx', value }]

async function openAt(start = Date.UTC(2026, 0, 5)) {
  const clock = { now: start }
  const opened = await openDns({ domains: 3, now: () => clock.now })
  const pass = (seconds: number) => {
    clock.now += seconds * 1000
  }
  return { ...opened, pass }
}

test('a resolver finds out from the root on, and follows CNAMEs from zone to zone', async () => {
  const { recursive, domain } = await openAt()
  const { imap } = domain.wanted
  expect(await recursive(`imap.${town}`, 'A')).toMatchObject({
    ...{ rcode: 'NOERROR', aa: false, ra: true, ad: false },
    answers: [`imap.${town} CNAME ${imap.slice(0, -1)}`, `${imap.slice(0, -1)} A 203.0.113.11`],
  })
  expect((await recursive(town, 'NS'))?.answers).toEqual(namesOf(town).map((name) => `${town} NS ${name}`))
  expect((await recursive('a.racine.example', 'AAAA'))?.answers).toEqual([
    'a.racine.example AAAA 2001:db8::53:1',
  ])
})

test('what it was told before an edit is told until its time is over, by each resolver for itself', async () => {
  const { at, recursive, domain, pass } = await openAt()
  domain.zone.records = mx('old.example.')
  expect(await recursive(town, 'MX')).toMatchObject({ answers: [`${town} MX 10 old.example`], ttls: [300] })
  domain.zone.records = mx('new.example.')
  pass(100)
  expect(await recursive(town, 'MX')).toMatchObject({ answers: [`${town} MX 10 old.example`], ttls: [200] })
  expect((await at('192.0.2.54')(town, 'MX', { recursion: true }))?.answers).toEqual([
    `${town} MX 10 new.example`,
  ])
  pass(199)
  expect((await recursive(town, 'MX'))?.ttls).toEqual([1])
  pass(1)
  expect(await recursive(town, 'MX')).toMatchObject({ answers: [`${town} MX 10 new.example`], ttls: [300] })
})

test('that there is nothing is kept as well (RFC 2308)', async () => {
  const { recursive, domain, pass } = await openAt()
  domain.zone.records = []
  expect(await recursive(`smtp.${town}`, 'A')).toMatchObject({ rcode: 'NXDOMAIN' })
  domain.zone.records = [{ target: 'smtp', type: 'a', value: '203.0.113.5' }]
  expect(await recursive(`smtp.${town}`, 'A')).toMatchObject({ rcode: 'NXDOMAIN' })
  pass(300)
  expect((await recursive(`smtp.${town}`, 'A'))?.answers).toHaveLength(1)
})

test('what fails is not kept', async () => {
  const { recursive, domain } = await openAt()
  domain.zone.failure = 'timeout'
  expect(await recursive(town, 'MX')).toMatchObject({ rcode: 'SERVFAIL', extended: [22] })
  domain.zone.failure = null
  expect(await recursive(town, 'MX')).toMatchObject({ rcode: 'NOERROR' })
})

test('nothing is kept for more than five minutes, so that nobody learns by waiting', async () => {
  const { recursive } = await openAt()
  expect((await recursive('mx.ox.numerique.example', 'A'))?.ttls).toEqual([300])
})

test('a domain that is not delegated does not exist', async () => {
  const { recursive, domain } = await openAt()
  domain.zone.delegated = false
  expect(await recursive(town, 'MX')).toMatchObject({ rcode: 'NXDOMAIN', answers: [] })
})

test('a loop of CNAMEs is a failure', async () => {
  const { recursive, domain } = await openAt()
  domain.zone.records = [
    { target: 'a', type: 'cname', value: `b.${town}.` },
    { target: 'b', type: 'cname', value: `a.${town}.` },
  ]
  expect(await recursive(`a.${town}`, 'A')).toMatchObject({ rcode: 'SERVFAIL' })
})

test.each([
  ['unsigned', { rcode: 'NOERROR', ad: false }, { rcode: 'NOERROR', ad: false }, 0],
  ['signed', { rcode: 'NOERROR', ad: true, extended: [] }, { rcode: 'NOERROR', ad: false }, 1],
  [
    'broken',
    { rcode: 'SERVFAIL', ad: false, answers: [], extended: [6] },
    { rcode: 'NOERROR', ad: false },
    1,
  ],
] as const)(
  'of a zone that is %s it says so, and tells its data when checking is disabled',
  async (dnssec, checked, unchecked, ds) => {
    const { at, recursive, domain } = await openAt()
    domain.dnssec = dnssec
    expect(await recursive(town, 'MX')).toMatchObject(checked)
    const raw = await recursive(town, 'MX', { checkingDisabled: true })
    expect(raw).toMatchObject(unchecked)
    expect(raw?.answers.length).toBeGreaterThan(0)
    const above = await at('a.nic.example')(town, 'DS', { size: 1232 })
    expect(above).toMatchObject({ rcode: 'NOERROR', aa: true })
    expect(above?.answers).toHaveLength(ds)
    expect((await recursive(town, 'DS'))?.answers).toHaveLength(ds)
  },
)

test('who does not ask it to find out is refused', async () => {
  const { recursive } = await openAt()
  expect(await recursive(town, 'MX', { recursion: false })).toMatchObject({ rcode: 'REFUSED', ra: true })
})
