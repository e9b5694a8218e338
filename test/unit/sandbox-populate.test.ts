import { expect, test } from 'vitest'
import { rebuild } from '../../main/sandbox/populate.ts'
import { createWorld } from '../../main/sandbox/world.ts'
import { UncaughtDnsError } from '../../main/sandbox/zone.ts'

const base = { name: 'ville.fr', contextName: null, mailboxes: null, records: null }

function rebuilt(raw: Record<string, unknown>, more: Partial<Parameters<typeof rebuild>[0][number]> = {}) {
  const world = createWorld()
  const [domain] = rebuild([{ ...base, ...more, raw }])
  if (domain === undefined) throw new Error('Nothing was rebuilt')
  world.load([domain])
  const check = () =>
    [...world.check(domain, '0.6.7')].flatMap(([key, { internal, errors }]) =>
      errors.map(({ code }) => [key, internal, code]),
    )
  return { world, domain, check }
}

const external = (code: string) => ({ ok: false, internal: false, errors: [{ code, detail: 'd' }] })

test.each([
  ['domain_exist', 'must_exist'],
  ['mx', 'no_mx'],
  ['mx', 'wrong_mx'],
  ['cname_imap', 'no_cname_imap'],
  ['cname_imap', 'wrong_cname_imap'],
  ['cname_smtp', 'no_cname_smtp'],
  ['cname_smtp', 'wrong_cname_smtp'],
  ['cname_webmail', 'no_cname_webmail'],
  ['cname_webmail', 'wrong_cname_webmail'],
  ['spf', 'no_spf'],
  ['spf', 'wrong_spf'],
  ['dkim', 'no_dkim'],
  ['dkim', 'wrong_dkim'],
])('a domain where %s told %s fails so again', (key, code) => {
  expect(rebuilt({ state: 'broken', [key]: external(code) }).check()).toEqual([[key, false, code]])
})

test.each(['postfix', 'ox', 'cert', 'webmail_ok'])(
  'a domain where %s failed fails again, and can be repaired',
  (key) => {
    const raw = {
      state: 'broken',
      [key]: { ok: false, internal: true, errors: [{ code: 'c', detail: 'd' }] },
    }
    const { world, domain, check } = rebuilt(raw)
    expect(check()).toEqual([[key, true, 'c']])
    expect([...world.fix(domain, '0.6.7').values()].flatMap(({ errors }) => errors)).toEqual([])
  },
)

test('a code that no record can explain, and a failure without errors, fail all the same', () => {
  expect(rebuilt({ mx: external('new_code') }).check()).toEqual([['mx', false, 'wrong_mx']])
  expect(rebuilt({ spf: { ok: false, internal: false, errors: [] } }).check()).toEqual([
    ['spf', false, 'no_spf'],
  ])
})

test('a check that the sandbox does not know is told again, and survives a repair', () => {
  const { world, domain, check } = rebuilt({ dmarc: external('no_dmarc') })
  expect(check()).toEqual([['dmarc', false, 'no_dmarc']])
  expect(world.fix(domain, '0.6.7').get('dmarc')?.errors).toHaveLength(1)
})

test('dimail 7.1: booleans in quotes are read as booleans', () => {
  const raw = {
    active: 'false',
    mx: { ok: 'true', internal: 'false', errors: [] },
    spf: { ...external('no_spf'), ok: 'false' },
  }
  const { domain, check } = rebuilt(raw)
  expect(check()).toEqual([['spf', false, 'no_spf']])
  expect(domain.active).toBe(false)
})

test('a 2024 answer, without internal, is read by its keys', () => {
  const errors = [{ code: 'no_cert', detail: 'd' }]
  expect(rebuilt({ cert: { ok: false, errors }, mx: { ok: true, errors: [] } }).check()).toEqual([
    ['cert', true, 'no_cert'],
  ])
})

test.each([{ state: 'new' }, { state: 'broken', mx: external('no_test') }])(
  'a domain never checked, %j, stays so: its name servers fail',
  (raw) => {
    const { domain, check } = rebuilt(raw)
    expect(check).toThrow(UncaughtDnsError)
    expect(domain.stored).toBeNull()
  },
)

test('the records of the real platform become those that the sandbox wants', () => {
  const records = [
    { target: '', type: 'mx', value: 'mx.ox.real.fr.' },
    { target: 'sel._domainkey', type: 'txt', value: 'v=DKIM1; h=sha256; k=rsa; p=AAAA' },
    ...['imap', 'smtp', 'webmail'].map((target) => ({ target, type: 'cname', value: 'ox.real.fr.' })),
    { target: '', type: 'txt', value: 'v=spf1 include:_spf.ox.real.fr -all' },
  ]
  const { domain, check } = rebuilt({ cname_imap: external('wrong_cname_imap') }, { records })
  expect(check()).toEqual([['cname_imap', false, 'wrong_cname_imap']])
  expect(domain.wanted).toMatchObject({ mx: 'mx.ox.real.fr.', spf: '_spf.ox.real.fr', selector: 'sel' })
})

test('custom hosts and a mail domain of its own are published too', () => {
  const raw = {
    ...{
      webmail_domain: 'courrier.ville.fr',
      imap_domain: 'reception.ville.fr',
      mailbox_domain: 'm.ville.fr',
    },
    cname_webmail: external('no_cname_webmail'),
  }
  expect(rebuilt(raw).check()).toEqual([['cname_webmail', false, 'no_cname_webmail']])
})

test('mailboxes are invented, as many as there were, and apart in a shared context', () => {
  const one = { ...base, contextName: 'shared', mailboxes: 20, raw: {} }
  const world = createWorld()
  world.load(rebuild([one, { ...one, name: 'voisine.fr' }]))
  const users = world.oxUsers('shared')
  expect(world.domain('ville.fr')?.mailboxes).toHaveLength(20)
  expect(new Set(users.map((box) => box.ox?.displayName)).size).toBe(users.length)
})

test('hosts in the zone of somebody else are left out, and break no check', () => {
  const raw = { webmail_domain: 'webmail.autre.fr', mailbox_domain: 'autre.fr', imap_domains: ['a.autre.fr'] }
  const { domain, check } = rebuilt(raw)
  expect(check()).toEqual([])
  expect([domain.webmailDomain, domain.mailboxDomain, domain.imapDomains]).toEqual([null, null, null])
})

test('a DKIM record without h is right where the platform wants none', () => {
  const records = [{ target: 'dimail._domainkey', type: 'txt', value: 'v=DKIM1; k=rsa; p=AAAA' }]
  expect(rebuilt({}, { records }).check()).toEqual([])
})
