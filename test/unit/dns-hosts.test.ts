import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DnsHostProfile, dnsHosts } from '../../main/dns/host-shapes.ts'
import { formOf, formsOf, hostOf, knownHosts, namedHost, stepsOf } from '../../main/dns/hosts.ts'
import type { DnsRecord } from '../../preload/dns-shapes.ts'
import data from '../../resources/dns-hosts.json' with { type: 'json' }

const zone = 'ville.example'
const base = { ttl: 300, priority: null, strings: null }
const mx: DnsRecord = { ...base, name: zone, type: 'MX', value: 'mx.ox.numerique.gouv.fr', priority: 5 }
const imap: DnsRecord = { ...base, name: `imap.${zone}`, type: 'CNAME', value: 'imap.ox.numerique.gouv.fr' }
const txt: DnsRecord = {
  ...base,
  name: `dimail._domainkey.${zone}`,
  type: 'TXT',
  value: 'v=DKIM1; p=AbC/+"x\\',
}
const host = (id: string): DnsHostProfile => {
  const found = knownHosts.find((one) => one.id === id)
  if (!found) throw new Error(`no host ${id}`)
  return found
}

test('field N4: the file of hosts fits its schema, names each of the nine once, and ends with the unknown one', () => {
  expect(dnsHosts.safeParse(data).error).toBeUndefined()
  expect(data.hosts.map(({ id }) => id)).toEqual([
    ...['ovh', 'gandi', 'ionos', 'cloudflare', 'scaleway', 'orange', 'infomaniak', 'alwaysdata', 'o2switch'],
    'unknown',
  ])
  expect(data.hosts.map(({ name }) => name)).toContain('OVHcloud')
})

test('no suffix of one host is within one of another', () => {
  const suffixes = knownHosts.flatMap(({ id, nameServers }) => nameServers.map((suffix) => ({ id, suffix })))
  const shared = suffixes.filter(({ id, suffix }) =>
    suffixes.some((other) => other.id !== id && `.${suffix}`.endsWith(`.${other.suffix}`)),
  )
  expect(shared).toEqual([])
})

test.each([
  ['ovh', ['dns19.ovh.net', 'ns19.ovh.net']],
  ['ovh', ['dns200.anycast.me', 'ns200.anycast.me']],
  ['ovh', ['dns19.ovh.net', 'ns200.anycast.me']],
  ['gandi', ['ns-12-a.gandi.net', 'ns-3-b.gandi.net', 'ns-200-c.gandi.net']],
  ['ionos', ['ns1045.ui-dns.com', 'ns1045.ui-dns.de', 'ns1045.ui-dns.org', 'ns1045.ui-dns.biz']],
  ['cloudflare', ['hadlee.ns.cloudflare.com', 'justin.ns.cloudflare.com']],
  ['scaleway', ['ns0.dom.scw.cloud', 'ns1.dom.scw.cloud']],
  ['orange', ['ns1.oleane.net', 'ns2.oleane.net']],
  ['infomaniak', ['nsany1.infomaniak.com', 'nsany2.infomaniak.com']],
  ['infomaniak', ['ns11.infomaniak.ch', 'ns12.infomaniak.ch']],
  ['alwaysdata', ['dns1.alwaysdata.com', 'dns2.alwaysdata.com']],
  ['o2switch', ['NS1.O2SWITCH.NET.', 'ns2.o2switch.net']],
  ['unknown', []],
  ['unknown', ['ns1.mairie.example']],
  // One that is elsewhere is enough: the page of the other would change one half only.
  ['unknown', ['dns19.ovh.net', 'ns-12-a.gandi.net']],
  ['unknown', ['dns19.ovh.net', 'ns1.mairie.example']],
  ['unknown', ['ns1.evil-ovh.net', 'ns2.evil-ovh.net']],
  ['unknown', ['ovh.net.mairie.example']],
])('field 3.6: %s hosts what %j serve', (id, servers) => {
  const found = hostOf(servers)
  expect(found.id).toBe(id)
  expect(namedHost(found)).toEqual(id === 'unknown' ? null : { id, name: found.name })
})

test.each([
  ['ovh', '', 'imap', 'mx.ox.numerique.gouv.fr.'],
  ['gandi', '@', 'imap', 'mx.ox.numerique.gouv.fr.'],
  ['ionos', '@', 'imap', 'mx.ox.numerique.gouv.fr'],
  ['cloudflare', '@', 'imap', 'mx.ox.numerique.gouv.fr'],
  ['scaleway', '', 'imap', 'mx.ox.numerique.gouv.fr.'],
  ['orange', 'ville.example', 'imap.ville.example', 'mx.ox.numerique.gouv.fr'],
  ['infomaniak', '', 'imap', 'mx.ox.numerique.gouv.fr'],
  ['alwaysdata', '', 'imap', 'mx.ox.numerique.gouv.fr'],
  ['o2switch', 'ville.example.', 'imap.ville.example.', 'mx.ox.numerique.gouv.fr'],
  ['unknown', '@', 'imap', 'mx.ox.numerique.gouv.fr.'],
])('field N4: at %s the zone is %j, a name below it %j, and a server %j', (id, apex, name, server) => {
  expect(formOf(host(id), mx, zone)).toMatchObject({ name: apex, type: 'MX', value: server, priority: 5 })
  expect(formOf(host(id), imap, zone)).toMatchObject({ name, type: 'CNAME', priority: null })
  expect(formOf(host(id), txt, zone).value).toBe(txt.value)
  // What nobody published has the usual priority.
  expect(formOf(host(id), { ...mx, priority: null }, zone).priority).toBe(10)
})

test('field 3.6: names are written for the zone that the domain is in, be it above', () => {
  const below = { ...mx, name: 'mairie.ville.example' }
  expect(formOf(host('ovh'), below, zone).name).toBe('mairie')
  expect(formOf(host('ovh'), { ...imap, name: 'imap.mairie.ville.example' }, zone).name).toBe('imap.mairie')
  expect(formOf(host('o2switch'), below, zone).name).toBe('mairie.ville.example.')
  expect(formOf(host('orange'), below, zone).name).toBe('mairie.ville.example')
})

test('a record outside of the zone is given in full, and one of the root does not break', () => {
  expect(formOf(host('ovh'), { ...imap, name: 'imap.autre.example' }, zone).name).toBe('imap.autre.example')
  expect(formOf(host('ovh'), imap, '').name).toBe('imap.ville.example')
})

test('a page that wants quotes, or the priority before the value, is given both', () => {
  const other = { ...host('ovh'), quotes: true, priority: { apart: false, usual: 10 } }
  expect(formOf(other, txt, zone).value).toBe('"v=DKIM1; p=AbC/+\\"x\\\\"')
  expect(formOf(other, mx, zone)).toMatchObject({
    ...{ name: '', type: 'MX', priority: null },
    value: '5 mx.ox.numerique.gouv.fr.',
  })
})

test('a text keeps every character, whatever it is, at every host', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom(...knownHosts),
      (value, at) => {
        expect(formOf(at, { ...txt, value }, zone).value).toBe(value)
      },
    ),
  )
})

test('the steps follow the proposal, and each expected record has its form', () => {
  const change = {
    ...{ id: 'a', act: 'change' as const, serves: ['mx'], reason: 'replace-wrong' as const, facts: {} },
    ...{ before: { ...mx, value: 'mx.old.example' }, after: mx, diff: null, lookups: null },
  }
  const steps = stepsOf(
    host('gandi'),
    { changes: [change, { ...change, id: 'b', after: null }], hindered: [] },
    zone,
  )
  expect(steps).toMatchObject([
    { change: 'a', before: { name: '@', value: 'mx.old.example.' }, after: { priority: 5 } },
    { change: 'b', after: null },
  ])
  const expected = [
    { key: 'mx', expected: { target: '', type: 'mx', value: 'mx.ox.numerique.gouv.fr.' } },
    { key: 'strange', expected: { target: '', type: 'tlsa', value: '3 1 1 ab' } },
  ]
  expect(formsOf(host('ovh'), zone, expected, zone)).toMatchObject([
    { key: 'mx', form: { name: '', type: 'MX', value: 'mx.ox.numerique.gouv.fr.', priority: 10 } },
  ])
})

test('the words of each host are typeset: French with no-break spaces and curved apostrophes, English without', () => {
  const texts = (language: 'fr' | 'en') =>
    knownHosts.flatMap(({ words: { [language]: words } }) => [
      ...[words.where, words.add, words.edit, words.delete, ...words.hints.map(({ text }) => text)],
      ...Object.values(words.labels.valueBy),
    ])
  expect(texts('fr').filter((text) => / [:;?!»]|«(?!\u00a0)|(?<!\u00a0)[:;?!»]|'| {2}/u.test(text))).toEqual(
    [],
  )
  expect(texts('en').filter((text) => /[«»'"]|[ \u00a0][:;?!]| {2}/u.test(text))).toEqual([])
})

test('field 3.6: the fields of a form are called as the host calls them, by type where it does', () => {
  const { labels } = formOf(host('ovh'), mx, zone)
  const { fr, en } = host('ovh').words
  expect([labels.fr.name, labels.en.name]).toEqual([fr.labels.name, en.labels.name])
  expect(labels.fr.value).toBe(fr.labels.valueBy.MX ?? fr.labels.value)
  expect(knownHosts.some(({ words }) => words.fr.labels.valueBy.MX !== undefined)).toBe(true)
})
