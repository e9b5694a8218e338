import { expect, test } from 'vitest'
import type { Domain } from '../../main/sandbox/domain.ts'
import { faultOf } from '../../main/sandbox/internal.ts'
import { rightRecords } from '../../main/sandbox/records.ts'
import { createWorld } from '../../main/sandbox/world.ts'
import { UncaughtDnsError } from '../../main/sandbox/zone.ts'

function rightDomain() {
  const world = createWorld()
  const domain = world.add('ville.example', 'ville.example')
  domain.zone.records = rightRecords(domain.wanted)
  return { world, domain }
}

function codes(change: (domain: Domain) => void, dialect: '2024' | '0.6.7' = '0.6.7') {
  const { world, domain } = rightDomain()
  change(domain)
  const findings = [...world.check(domain, dialect)]
  return findings.flatMap(([key, { errors }]) => errors.map(({ code }) => `${key}: ${code}`))
}

function set(domain: Domain, target: string, type: string, ...values: string[]) {
  const others = domain.zone.records.filter((record) => record.target !== target || record.type !== type)
  domain.zone.records = [...others, ...values.map((value) => ({ target, type, value }))]
}

const ours = 'include:_spf.ox.numerique.example'

test.each<[string, (domain: Domain) => void, string[]]>([
  ['nothing', () => {}, []],
  ['no delegation', (d) => Object.assign(d.zone, { delegated: false }), ['domain_exist: must_exist']],
  ['no MX', (d) => set(d, '', 'mx'), ['mx: no_mx']],
  ['a foreign MX', (d) => set(d, '', 'mx', 'mx.other.example.'), ['mx: wrong_mx']],
  ['a foreign MX before ours', (d) => set(d, '', 'mx', 'mx.other.example.', d.wanted.mx), ['mx: wrong_mx']],
  ['a foreign MX after ours', (d) => set(d, '', 'mx', d.wanted.mx, 'mx.other.example.'), []],
  ['no imap', (d) => set(d, 'imap', 'cname'), ['cname_imap: no_cname_imap']],
  ['another imap', (d) => set(d, 'imap', 'cname', 'x.example.'), ['cname_imap: wrong_cname_imap']],
  ['no smtp', (d) => set(d, 'smtp', 'cname'), ['cname_smtp: no_cname_smtp']],
  ['another smtp', (d) => set(d, 'smtp', 'cname', 'x.example.'), ['cname_smtp: wrong_cname_smtp']],
  ['no webmail', (d) => set(d, 'webmail', 'cname'), ['cname_webmail: no_cname_webmail']],
  [
    'another webmail',
    (d) => set(d, 'webmail', 'cname', 'x.example.'),
    ['cname_webmail: wrong_cname_webmail'],
  ],
  ['no SPF', (d) => set(d, '', 'txt'), ['spf: no_spf']],
  ['an SPF without the space', (d) => set(d, '', 'txt', 'v=spf1'), ['spf: no_spf']],
  ['a foreign SPF', (d) => set(d, '', 'txt', 'v=spf1 include:x.example -all'), ['spf: wrong_spf']],
  ['ours with ?', (d) => set(d, '', 'txt', `v=spf1 ?${ours} -all`), ['spf: wrong_spf']],
  ['ours with +', (d) => set(d, '', 'txt', `v=spf1 +${ours} -all`), []],
  ['two SPF', (d) => set(d, '', 'txt', 'v=spf1 mx:x.example ~all', `v=spf1 ${ours} -all`), []],
  ['no DKIM', (d) => set(d, 'dimail._domainkey', 'txt'), ['dkim: no_dkim']],
  ['a DKIM without the space', (d) => set(d, 'dimail._domainkey', 'txt', 'v=DKIM1;k=rsa'), ['dkim: no_dkim']],
  [
    'another key',
    (d) => set(d, 'dimail._domainkey', 'txt', 'v=DKIM1; h=sha256; k=rsa; p=AAAA'),
    ['dkim: wrong_dkim'],
  ],
  ['one more tag', (d) => set(d, 'dimail._domainkey', 'txt', `${d.wanted.dkim}; t=y`), ['dkim: wrong_dkim']],
  [
    'an empty zone',
    (d) => Object.assign(d.zone, { records: [] }),
    [
      'mx: no_mx',
      'cname_imap: no_cname_imap',
      'cname_smtp: no_cname_smtp',
      'cname_webmail: no_cname_webmail',
      'spf: no_spf',
      'dkim: no_dkim',
    ],
  ],
  ['no certificate', (d) => void d.faults.set('cert', faultOf('cert', d.name)), ['cert: no_cert']],
])('dimail 6.2: with %s', (_what, change, expected) => {
  expect(codes(change)).toEqual(expected)
})

test('dimail 6.2: where must_exist, every other key says ok, internal ones too', () => {
  const { world, domain } = rightDomain()
  domain.zone = { delegated: false, failure: 'timeout', records: [] }
  domain.faults.set('ox', faultOf('ox', domain.name))
  const findings = [...world.check(domain, '0.6.7')]
  expect(findings.filter(([, check]) => check.errors.length > 0).map(([key]) => key)).toEqual([
    'domain_exist',
  ])
  expect(findings.map(([key]) => key)).toContain('webmail_ok')
})

test('dimail 6.2: a CNAME at the mail domain is followed', () => {
  const expected = codes((domain) => {
    for (const record of domain.zone.records) if (record.target === '') record.target = 'courriel'
    set(domain, '', 'cname', 'courriel.ville.example.')
  })
  expect(expected).toEqual([])
})

test('dimail 6.2: CNAMEs that run in a circle are an absent MX, not an endless check', () => {
  expect(
    codes((domain) => {
      set(domain, '', 'mx')
      set(domain, '', 'txt')
      set(domain, '', 'cname', 'ville.example.')
    }),
  ).toEqual(['mx: no_mx', 'spf: no_spf'])
})

test('dimail 6.2: webmail and imap are tested only for a domain that has the feature, smtp always', () => {
  const emptied = (domain: Domain) => {
    domain.features = ['alias']
    for (const label of ['webmail', 'imap', 'smtp']) set(domain, label, 'cname')
  }
  expect(codes(emptied)).toEqual(['cname_smtp: no_cname_smtp'])
})

test('dimail 6.2: each custom host is tested, one error for each', () => {
  const custom = (domain: Domain) => {
    domain.imapDomains = ['imap.ville.example', 'a.ville.example', 'b.elsewhere.example']
  }
  expect(codes(custom)).toEqual(['cname_imap: no_cname_imap', 'cname_imap: no_cname_imap'])
})

test('dimail 6.2: MX, SPF and DKIM are looked up at the mail domain when there is one', () => {
  const elsewhere = (domain: Domain) => {
    domain.mailboxDomain = 'courriel.ville.example'
  }
  expect(codes(elsewhere)).toEqual(['mx: no_mx', 'spf: no_spf', 'dkim: no_dkim'])
})

test('dimail 6.2: the selector is mecol in 2024 and dimail since', () => {
  const without = (selector: string) => (domain: Domain) => set(domain, `${selector}._domainkey`, 'txt')
  expect(codes(without('mecol'), '2024')).toEqual(['dkim: no_dkim'])
  expect(codes(without('mecol'))).toEqual([])
  expect(codes(without('dimail'), '2024')).toEqual([])
})

test('dimail 6.2: the 2024 server has no internal check', () => {
  expect(codes((d) => void d.faults.set('ox', faultOf('ox', d.name)), '2024')).toEqual([])
})

test('the detail is a French sentence that names what was found and what is wanted', () => {
  const { world, domain } = rightDomain()
  set(domain, '', 'mx', 'mx.other.example.')
  expect(world.check(domain, '0.6.7').get('mx')?.errors).toEqual([
    {
      code: 'wrong_mx',
      detail:
        "Je veux que le MX du domaine soit 'mx.ox.numerique.example.', or je trouve 'mx.other.example.'",
    },
  ])
})

test.each<[string, (domain: Domain) => void]>([
  ['SPF with a bare a', (d) => set(d, '', 'txt', `v=spf1 a ${ours} -all`)],
  ['SPF with a bare ptr', (d) => set(d, '', 'txt', `v=spf1 ptr ${ours} -all`)],
  ['SPF with redirect=', (d) => set(d, '', 'txt', 'v=spf1 redirect=x.example')],
  ['SPF with exp=', (d) => set(d, '', 'txt', `v=spf1 ${ours} exp=x.example -all`)],
  ['SPF without a final all', (d) => set(d, '', 'txt', `v=spf1 ${ours}`)],
  ['DKIM without p', (d) => set(d, 'dimail._domainkey', 'txt', 'v=DKIM1; h=sha256; k=rsa')],
  ['DKIM without h', (d) => set(d, 'dimail._domainkey', 'txt', 'v=DKIM1; k=rsa; p=AAAA')],
  ['a mail domain that does not exist', (d) => Object.assign(d, { mailboxDomain: 'nowhere.example' })],
  ['a timeout', (d) => Object.assign(d.zone, { failure: 'timeout' })],
  ['SERVFAIL', (d) => Object.assign(d.zone, { failure: 'servfail' })],
])('dimail 6.3: %s is more than dimail survives, and nothing is stored', (_what, change) => {
  const { world, domain } = rightDomain()
  change(domain)
  expect(() => world.check(domain, '0.6.7')).toThrow(UncaughtDnsError)
  expect(domain.stored).toBeNull()
})

test('dimail 6.3: a stored key padded twice breaks every check of 2024, and none since', () => {
  const padded = (domain: Domain) => {
    domain.wanted = { ...domain.wanted, dkim: 'v=DKIM1; h=sha256; k=rsa; p=AA==' }
    domain.zone.records = rightRecords(domain.wanted)
  }
  expect(() => codes(padded, '2024')).toThrow(UncaughtDnsError)
  expect(codes(padded)).toEqual([])
})

test.each([
  ['repaired', []],
  ['stays', ['ox']],
  ['renews-dkim', ['dkim']],
] as const)('dimail 3.6: a fix of a fault that is %s leaves %j failing', (cure, left) => {
  const { world, domain } = rightDomain()
  domain.faults.set('ox', faultOf('ox', domain.name, cure))
  const findings = [...world.fix(domain, '0.6.7')]
  expect(findings.filter(([, { errors }]) => errors.length > 0).map(([key]) => key)).toEqual(left)
})

test('DNS has no case: a domain created in mixed case is found', () => {
  const world = createWorld()
  const domain = world.add('Ville-Neuve.example', null)
  expect(world.check(domain, '0.6.7').get('domain_exist')?.errors).toEqual([])
})
