import { encode } from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { askDns, questionOf, sendTcp, sendUdp } from '../fakes/dns-client.ts'
import { openDns, town } from './sandbox-dns-open.ts'

describe('the wire', () => {
  test('without EDNS 512 octets, with it as many as are taken; else TC, and TCP has it all', async () => {
    const { at, domain } = await openDns()
    domain.zone.records = [{ target: '', type: 'txt', value: 'x'.repeat(1300) }]
    expect(await at()(town, 'TXT')).toMatchObject({ tc: true, answers: [], edns: false })
    expect(await at()(town, 'TXT', { size: 1232 })).toMatchObject({ tc: true, answers: [], edns: true })
    expect(await at()(town, 'TXT', { size: 4096 })).toMatchObject({
      tc: false,
      strings: [[255, 255, 255, 255, 255, 25]],
    })
    const whole = await at()(town, 'TXT', { over: 'tcp' })
    expect(whole).toMatchObject({ tc: false, aa: true, strings: [[255, 255, 255, 255, 255, 25]] })
    domain.zone.records = [{ target: '', type: 'txt', value: 'x'.repeat(59_000) }]
    expect(await at()(town, 'TXT', { size: 65_535 })).toMatchObject({ tc: true })
    expect((await at()(town, 'TXT', { over: 'tcp' }))?.size).toBeGreaterThan(59_000)
  })

  test('two questions of one stream, cut anywhere, are both answered', async () => {
    const { port } = await openDns()
    const message = encode(questionOf(town, 'MX'))
    const length = Buffer.from([0, message.length])
    const bytes = Buffer.concat([length, message, length, message])
    expect(await sendTcp(port(), bytes)).toEqual(await sendTcp(port(), Buffer.concat([length, message])))
  })

  test.each([
    [
      'rubbish that says it is an answer',
      Buffer.from(`\x12\x34${'\xff'.repeat(2)}`.padEnd(30, '\x01'), 'latin1'),
      null,
    ],
    ['less than a header', Buffer.from('abc'), null],
    ['an answer', Buffer.from([0, 1, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0]), null],
    ['a count without a question', Buffer.from([0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]), 1],
    ['no question', Buffer.from([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 1],
    ['a pointer to itself', Buffer.from([0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1]), 1],
    ['another operation', Buffer.from([0, 1, 0x28, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 4],
  ])('%s does not end the server', async (_what, bytes, rcode) => {
    const { at, port } = await openDns()
    const said = await sendUdp(port(), bytes)
    expect(said === null ? null : (said[3] ?? 0) & 0x0f).toBe(rcode)
    expect(await at()(town, 'MX')).toMatchObject({ rcode: 'NOERROR' })
  })

  test('a later version of EDNS is refused as such', async () => {
    const { port } = await openDns()
    const packet = questionOf(town, 'MX', { size: 1232 })
    for (const record of packet.additionals ?? []) if (record.type === 'OPT') record.ednsVersion = 1
    const said = await sendUdp(port(), encode(packet))
    expect(said?.subarray(-11)).toEqual(Buffer.from([0, 0, 41, 4, 208, 1, 0, 0, 0, 0, 0]))
  })

  test('the latency of the sandbox is that of its name servers too', async () => {
    const { at, sandbox } = await openDns()
    sandbox.behaviour.latencyMs = 60
    const began = performance.now()
    expect(await at()(town, 'MX')).toMatchObject({ rcode: 'NOERROR' })
    expect(performance.now() - began).toBeGreaterThanOrEqual(58)
  })

  test('a sandbox that closes amid an answer leaves no port open', async () => {
    const { at, sandbox } = await openDns()
    sandbox.behaviour.latencyMs = 60_000
    const ports = [...new Set(Object.values(sandbox.dns.ports))]
    const cut = at()(town, 'MX')
    await sandbox.close()
    expect(await cut).toBeNull()
    const after = await Promise.all(
      ports.map((port) =>
        sendTcp(port, Buffer.from('x')).catch((error: Error) => Reflect.get(error, 'code')),
      ),
    )
    expect(new Set(after)).toEqual(new Set(['ECONNREFUSED']))
  })

  test('it listens on this computer alone, and tells every address once', async () => {
    const { sandbox } = await openDns()
    const { roots, ports } = sandbox.dns
    expect(roots.map(({ address }) => ports[address])).not.toContain(undefined)
    const documentation = /^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$|^2001:db8::/
    expect(Object.keys(ports).filter((address) => !documentation.test(address))).toEqual([])
  })

  test('a fleet of 100,000 is known by the first name that is asked', async () => {
    const { sandbox } = await openDns({ domains: 100_000 })
    const port = sandbox.dns.ports['198.51.100.3'] ?? 0
    const last = sandbox.world.names().at(-1) ?? ''
    const began = performance.now()
    expect((await askDns(port, last, 'MX'))?.authorities.length).toBeGreaterThan(1)
    expect(performance.now() - began).toBeLessThan(200)
  })
})
