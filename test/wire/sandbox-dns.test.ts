import { encode } from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { hostOf } from '../../main/sandbox/dns/servers.ts'
import { questionOf, sendUdp } from '../fakes/dns-client.ts'
import { namesOf, openDns, town } from './sandbox-dns-open.ts'

describe('the tree leads from the root to a domain', () => {
  test('the root refers to the top level with the addresses of its servers, and answers for itself', async () => {
    const { at } = await openDns()
    const referral = await at('a.racine.example')('mairie.example', 'MX')
    expect(referral).toMatchObject({ rcode: 'NOERROR', aa: false, answers: [] })
    expect(referral?.authorities).toEqual(['example NS a.nic.example', 'example NS b.nic.example'])
    expect(referral?.additionals).toContain('a.nic.example AAAA 2001:db8::53:3')
    expect(await at('b.racine.example')('.', 'NS')).toMatchObject({
      aa: true,
      answers: ['. NS a.racine.example', '. NS b.racine.example'],
    })
    expect(await at('a.racine.example')('mairie.inconnue', 'MX')).toMatchObject({
      rcode: 'NXDOMAIN',
      aa: true,
    })
  })

  test('a top level refers to the servers of the host, with glue only for those below itself', async () => {
    const { at } = await openDns()
    const ours = await at('a.nic.example')(town, 'MX')
    expect(ours).toMatchObject({ rcode: 'NOERROR', aa: false, answers: [], additionals: [] })
    expect(ours?.authorities).toEqual(namesOf(town).map((name) => `${town} NS ${name}`))
    const below = await at('a.nic.example')('_spf.ancien-hebergeur.example', 'TXT')
    expect(below?.additionals).toEqual([
      'ns1.registre-fictif.example A 198.51.100.50',
      'ns2.registre-fictif.example A 198.51.100.51',
    ])
    const mixed = await at('b.nic.example')('ns1045.ui-dns.com', 'A')
    expect(mixed?.authorities).toHaveLength(3)
    expect(mixed?.additionals).toEqual(['ns1045.ui-dns.com A 198.51.100.18'])
  })

  test('a domain without delegation does not exist for the top level, and nobody holds it', async () => {
    const { at, domain } = await openDns()
    domain.zone.delegated = false
    expect(await at('a.nic.example')(town, 'NS')).toMatchObject({ rcode: 'NXDOMAIN', aa: true })
    expect(await at()(town, 'MX')).toMatchObject({ rcode: 'REFUSED', aa: false })
  })

  test.each([
    ['mx.ox.numerique.example', 'A', 'ns1.numerique.example'],
    ['_spf.ox.numerique.example', 'TXT', 'ns2.numerique.example'],
    ['mail.ancien-hebergeur.example', 'A', 'ns1.registre-fictif.example'],
    ['_spf.newsletter.example', 'TXT', 'ns2.registre-fictif.example'],
    ['ns10.ovh.net', 'AAAA', 'dns10.ovh.net'],
    ['ns0.dom.scw.cloud', 'A', 'ns1.dom.scw.cloud'],
  ] as const)('%s has its %s', async (name, type, server) => {
    const { at } = await openDns()
    const said = await at(server)(name, type)
    expect(said).toMatchObject({ rcode: 'NOERROR', aa: true })
    expect(said?.answers).toHaveLength(1)
  })

  test('a domain below another is delegated by it, and the names between are there without data', async () => {
    const { at, sandbox } = await openDns()
    // A host of another's, so that the town's servers do not hold it themselves.
    const isOther = (label: string) => hostOf(`${label}.services.${town}`).name !== hostOf(town).name
    const child = `${['eau', 'gaz', 'bois', 'port'].find(isOther)}.services.${town}`
    sandbox.world.add(child, null)
    const said = await at()(`mx.${child}`, 'MX')
    expect(said).toMatchObject({
      aa: false,
      authorities: namesOf(child).map((name) => `${child} NS ${name}`),
    })
    expect(await at()(`services.${town}`, 'A')).toMatchObject({ rcode: 'NOERROR', aa: true, answers: [] })
    expect(await at(namesOf(child)[0])(child, 'SOA')).toMatchObject({ rcode: 'NOERROR', aa: true })
  })

  test('every domain has the same host for ever, and the fleet has them all', async () => {
    const { sandbox } = await openDns({ domains: 60 })
    const names = sandbox.world.names()
    expect(new Set(names.map((name) => hostOf(name).name)).size).toBe(10)
    expect(names.map((name) => hostOf(name.toUpperCase()).name)).toEqual(
      names.map((name) => hostOf(name).name),
    )
  })
})

describe('a zone answers as RFC 1034 and RFC 4592 want', () => {
  const records = [
    { target: '', type: 'mx', value: '20 second.example.' },
    { target: '', type: 'mx', value: 'first.example.' },
    { target: '', type: 'txt', value: `v=DKIM1; p=${'é'.repeat(200)}` },
    { target: 'alias', type: 'cname', value: `alias2.${town}.` },
    { target: 'alias2', type: 'cname', value: `host.${town}.` },
    { target: 'host', type: 'a', value: '203.0.113.9' },
    { target: 'out', type: 'cname', value: 'elsewhere.example.' },
    { target: 'loop', type: 'cname', value: `loop2.${town}.` },
    { target: 'loop2', type: 'cname', value: `loop.${town}.` },
    { target: 'deep.er', type: 'aaaa', value: '2001:db8::9' },
    { target: '*.wild', type: 'txt', value: 'any' },
    { target: 'own.wild', type: 'a', value: '203.0.113.8' },
    { target: 'given', type: 'ns', value: 'ns.elsewhere.example.' },
    { target: '', type: 'caa', value: '0 issue "certs.example"' },
    { target: '_imaps._tcp', type: 'srv', value: '0 1 993 imap.example.' },
    { target: 'bad', type: 'a', value: 'no address' },
  ]
  const cases: [
    what: string,
    name: string,
    type: Parameters<typeof questionOf>[1],
    rcode: string,
    answers: string[],
  ][] = [
    [
      'MX keep their priorities, ten when none is written',
      '',
      'MX',
      'NOERROR',
      [`MX 20 second.example`, `MX 10 first.example`],
    ],
    [
      'a chain of CNAMEs is followed within the zone',
      'alias.',
      'A',
      'NOERROR',
      [`CNAME alias2.${town}`, `CNAME host.${town}`, 'A 203.0.113.9'],
    ],
    ['and no further', 'out.', 'A', 'NOERROR', ['CNAME elsewhere.example']],
    ['a CNAME itself is not followed', 'alias.', 'CNAME', 'NOERROR', [`CNAME alias2.${town}`]],
    ['a loop of CNAMEs ends', 'loop.', 'A', 'NOERROR', [`CNAME loop2.${town}`, `CNAME loop.${town}`]],
    ['a name without the type', 'host.', 'TXT', 'NOERROR', []],
    ['a name that is not there', 'absent.', 'A', 'NXDOMAIN', []],
    ['a name that only has names below', 'er.', 'A', 'NOERROR', []],
    ['a wildcard', 'x.wild.', 'TXT', 'NOERROR', ['TXT any']],
    ['a wildcard two labels deep', 'x.y.wild.', 'TXT', 'NOERROR', ['TXT any']],
    ['a wildcard without the type', 'x.wild.', 'A', 'NOERROR', []],
    ['a name below one that is beside a wildcard', 'x.own.wild.', 'TXT', 'NXDOMAIN', []],
    ['a name beside a wildcard', 'own.wild.', 'TXT', 'NOERROR', []],
    ['CAA', '', 'CAA', 'NOERROR', ['CAA 0 certs.example issue false']],
    ['SRV', '_imaps._tcp.', 'SRV', 'NOERROR', ['SRV 0 1 993 imap.example']],
    ['a value that its type cannot hold is published by nobody', 'bad.', 'A', 'NOERROR', []],
  ]
  test.each(cases)('%s', async (_what, label, type, rcode, answers) => {
    const { at, domain } = await openDns()
    domain.zone.records = records
    const said = await at()(`${label}${town}`, type)
    expect(said).toMatchObject({ rcode, aa: true })
    const shown = said?.answers.map((line) => line.split(' ').slice(1).join(' '))
    if (type === 'CAA') expect(shown?.[0]).toContain('certs.example')
    else expect(shown).toEqual(answers)
    if (answers.length === 0) expect(said?.authorities[0]).toMatch(new RegExp(`^${town} SOA `))
  })

  test('a record of name servers below the zone delegates', async () => {
    const { at, domain } = await openDns()
    domain.zone.records = records
    expect(await at()(`www.given.${town}`, 'A')).toMatchObject({
      ...{ rcode: 'NOERROR', aa: false, answers: [] },
      authorities: [`given.${town} NS ns.elsewhere.example`],
    })
  })

  test('a name is answered in the case in which it was asked', async () => {
    const { at } = await openDns()
    const said = await at()(town.toUpperCase(), 'MX')
    expect(said?.questions?.[0]?.name).toBe(town.toUpperCase())
    expect(said?.answers[0]).toMatch(new RegExp(`^${town.toUpperCase()} MX `))
  })

  test('field 2.1: a long TXT is cut into strings of 255 octets, wherever that falls', async () => {
    const { at, domain } = await openDns()
    domain.zone.records = records
    const said = await at()(town, 'TXT', { size: 1232 })
    expect(said?.strings.map((lengths) => lengths.length)).toEqual([2])
  })

  test('its own name servers are those of the delegation, unless its records say otherwise', async () => {
    const { at, domain } = await openDns()
    expect((await at()(town, 'NS'))?.answers).toEqual(namesOf(town).map((name) => `${town} NS ${name}`))
    domain.zone.records = [{ target: '', type: 'ns', value: 'ns1.registre-fictif.example.' }]
    expect((await at()(town, 'NS'))?.answers).toEqual([`${town} NS ns1.registre-fictif.example`])
    expect((await at('a.nic.example')(town, 'NS'))?.authorities).toHaveLength(namesOf(town).length)
  })

  test('names of others, transfers and other classes are refused', async () => {
    const { at, port } = await openDns()
    expect(await at()('mail.ancien-hebergeur.example', 'A')).toMatchObject({ rcode: 'REFUSED', aa: false })
    expect(await at()(town, 'AXFR')).toMatchObject({ rcode: 'REFUSED' })
    const chaos = {
      ...questionOf(town, 'TXT'),
      questions: [{ name: town, type: 'TXT', class: 'CH' } as const],
    }
    expect((await sendUdp(port(), encode(chaos)))?.[3]).toBe(5)
  })
})
