import dgram from 'node:dgram'
import { once } from 'node:events'
import PQueue from 'p-queue'
import { createDimail } from '../../main/dimail/client.ts'
import { judgeReading } from '../../main/dns/compare/judge-reading.ts'
import { questionsFor } from '../../main/dns/compare/questions.ts'
import { furtherQuestions } from '../../main/dns/propose/further.ts'
import { parallel, readingsAtOnce } from '../../main/dns/read/gate.ts'
import { readZone } from '../../main/dns/read/read-zone.ts'
import { createResolver } from '../../main/dns/read/resolver.ts'
import type { Ask } from '../../main/dns/wire/ask.ts'
import { createAsk } from '../../main/dns/wire/create-ask.ts'
import { encodeQuery } from '../../main/dns/wire/packet.ts'
import { sandboxPlace } from '../../main/profiles/sandbox-dns.ts'
import { seededFleet } from '../../main/sandbox/fleet.ts'
import { unwrap } from '../../preload/failure.ts'
import type { ExpectedRecord } from '../../preload/shapes.ts'
import type { Benchmark } from './budgets.ts'
import { interleave } from './rounds.ts'
import { type Running, runSandbox } from './sandbox.ts'

const latencyMs = 20
const resolvers = ['192.0.2.53', '192.0.2.54']

type Domain = { name: string; expected: ExpectedRecord[] }
/** A question as it leaves, and the port of the name server that it leaves for. */
type Packet = { port: number; bytes: Buffer }

/**
 * Reading and judging the DNS of a fleet, from the roots down, against the same questions, encoded beforehand, sent
 * from one socket with as many in flight by a loop that reads nothing of the answers but their number.
 */
export const dnsRate: Benchmark = {
  budgets: { 'dns-rate-ratio': { unit: 'x', limit: { atLeast: 0.8 } } },
  async run({ quick, say }) {
    const count = quick ? 100 : 1000
    const sandbox = await runSandbox({ domains: Math.ceil(count * 1.25), latencyMs })
    try {
      const fleet = await fleetOf(sandbox, count)
      // The first round warms the sandbox, and notes what is asked.
      const packets: Packet[] = []
      await readingRate(sandbox, fleet, notedBy(sandbox, packets))
      await bareRate(packets)
      const rates = await interleave(
        3,
        () => readingRate(sandbox, fleet, askOf(sandbox)),
        () => bareRate(packets),
      )
      const perDomain = (packets.length / count).toFixed(0)
      say(
        `${count} domains, ${perDomain} questions each: ${rates.ours.toFixed(0)} a second; bare: ${rates.bare.toFixed(0)}`,
      )
      return { 'dns-rate-ratio': rates.ratio }
    } finally {
      await sandbox.stop()
    }
  },
}

/** Domains all of whose servers answer: for one that never does the program waits, and the bare generator would not. */
async function fleetOf(sandbox: Running, count: number): Promise<Domain[]> {
  const { url, username, password } = sandbox
  const dimail = createDimail({ address: url, credentials: () => ({ username, password }) })
  const { roots, reach } = placeOf(sandbox)
  const ask = createAsk(reach, { triesMs: [500] })
  const resolver = createResolver({ ask, roots, resolvers: () => [], now: Date.now })
  const queue = new PQueue({ concurrency: 6 })
  try {
    const all = await queue.addAll(
      seededFleet({ domains: Math.ceil(count * 1.25) }).map(({ name }) => async () => {
        const reading = await readZone(resolver, {
          domain: name,
          everywhere: [],
          once: [],
          more: () => [],
          probe: 'nobody',
          signal,
        })
        const isSilent = reading.delegation.findings.some(({ code }) => code === 'server-silent')
        return isSilent ? [] : [{ name, expected: unwrap(await dimail.spec(name)) }]
      }),
    )
    return all.flat().slice(0, count)
  } finally {
    dimail.close()
  }
}

const { signal } = new AbortController()
const placeOf = ({ dns }: Running) => sandboxPlace(() => dns)
const askOf = (sandbox: Running): Ask => createAsk(placeOf(sandbox).reach)

function notedBy(sandbox: Running, packets: Packet[]): Ask {
  const ask = askOf(sandbox)
  return async (address, question, options) => {
    const port = sandbox.dns.ports[address]
    const reply = await ask(address, question, options)
    // What nobody answers is left out: the bare side would wait for it as well.
    if (port !== undefined && reply.kind === 'reply')
      packets.push({ port, bytes: encodeQuery(question, options, true).bytes })
    return reply
  }
}

/** Questions a second, from the first domain to the last verdict. */
async function readingRate(sandbox: Running, fleet: readonly Domain[], ask: Ask): Promise<number> {
  let asked = 0
  const counted: Ask = (...question) => {
    asked++
    return ask(...question)
  }
  const { roots } = placeOf(sandbox)
  const resolver = createResolver({ ask: counted, roots, resolvers: () => resolvers, now: Date.now })
  const queue = new PQueue({ concurrency: readingsAtOnce })
  const begun = performance.now()
  await queue.addAll(fleet.map((domain) => () => diagnose(resolver, domain)))
  return (asked * 1000) / (performance.now() - begun)
}

async function diagnose(
  resolver: ReturnType<typeof createResolver>,
  { name, expected }: Domain,
): Promise<void> {
  const reading = await readZone(resolver, {
    domain: name,
    ...questionsFor(name, expected),
    more: (view, zone) => furtherQuestions(name, zone, expected, view),
    probe: 'nobody',
    signal,
  })
  const { records } = judgeReading(reading, expected)
  if (records.length !== expected.length) throw new Error(`${name} was not judged`)
}

/** Questions a second, each answer making room for the next question. */
async function bareRate(packets: readonly Packet[]): Promise<number> {
  const socket = dgram.createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const begun = performance.now()
  try {
    await new Promise<void>((resolve, reject) => {
      let next = 0
      let answered = 0
      const send = () => {
        const packet = packets[next++]
        if (packet !== undefined) socket.send(packet.bytes, packet.port, '127.0.0.1')
      }
      // A datagram that is lost would leave its place empty for ever.
      const lost = setInterval(() => reject(new Error('The bare generator waits in vain')), 60_000)
      socket.on('message', () => {
        answered++
        send()
        if (answered < packets.length) return
        clearInterval(lost)
        resolve()
      })
      for (let place = 0; place < parallel; place++) send()
    })
    return (packets.length * 1000) / (performance.now() - begun)
  } finally {
    socket.close()
  }
}
