import dgram from 'node:dgram'
import net from 'node:net'
import * as packet from 'dns-packet'
import { portOf } from './tcp-server.ts'

export type Over = 'udp' | 'tcp'

/** A question as it came, with what was said beside it. */
export type Asked = {
  name: string
  type: packet.RecordType
  over: Over
  id: number
  recursion: boolean
  checkingDisabled: boolean
  /** The datagram that the asker takes; null: it does not speak EDNS. */
  edns: number | null
  dnssecOk: boolean
  /** The port that it came from. */
  from: number
}

export type FakeReply = {
  /** A name of RFC 1035 4.1.1 or `BADVERS`; without: NOERROR. */
  rcode?: string
  /** Answers are authoritative unless this is false. */
  authoritative?: boolean
  /** TC, though nothing is too long. */
  cut?: boolean
  validated?: boolean
  recursionAvailable?: boolean
  answers?: packet.Answer[]
  authority?: packet.Answer[]
  additional?: packet.Answer[]
  /** Extended errors (RFC 8914); only sent to who speaks EDNS. */
  extended?: number[]
}

/** A reply; bytes sent as they are, one message each; null: silence. */
export type Answering = (
  question: Asked,
  over: Over,
) => FakeReply | Buffer | Buffer[] | null | Promise<FakeReply | Buffer | Buffer[] | null>

export type NameServer = { host: '127.0.0.1' | '::1'; port: number; asked: Asked[]; close(): Promise<void> }

/**
 * A name server over UDP and TCP, on one free port of loopback, that answers as a test wants. What is longer than the
 * asker takes over UDP is cut, with TC, as RFC 2181 9 says.
 */
export async function startNameServer({
  answer,
  host = '127.0.0.1',
  port: wanted = 0,
  onTcp,
}: {
  answer: Answering
  host?: '127.0.0.1' | '::1'
  /** One that is known to be free; without: any. */
  port?: number
  /** Takes every TCP connection, which is then answered by nobody else. */
  onTcp?: (socket: net.Socket) => void
}): Promise<NameServer> {
  const asked: Asked[] = []
  const reply = async (query: Buffer, over: Over, from: number): Promise<Buffer[]> => {
    const question = questionOf(query, over, from)
    asked.push(question)
    const said = await answer(question, over)
    if (said === null) return []
    if (Buffer.isBuffer(said)) return [said]
    return Array.isArray(said) ? said : [cutTo(question, encodeReply(question, said))]
  }
  const { tcp, udp, port } = await listenOnBoth(host, wanted)
  const sockets = new Set<net.Socket>()
  let open = true
  udp.on('message', (query, { port: from, address }) => {
    void reply(query, 'udp', from).then((messages) => {
      for (const message of messages) if (open) udp.send(message, from, address)
    })
  })
  tcp.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // The asker cuts connections on purpose in these tests.
    socket.on('error', () => socket.destroy())
    if (onTcp !== undefined) return onTcp(socket)
    eachMessage(socket, async (query) => {
      for (const message of await reply(query, 'tcp', socket.remotePort ?? 0)) socket.write(framed(message))
    })
  })
  const close = async () => {
    if (!open) return
    open = false
    for (const socket of sockets) socket.destroy()
    await Promise.all([
      new Promise<void>((done) => udp.close(() => done())),
      new Promise<void>((done) => tcp.close(() => done())),
    ])
  }
  return { host, port, asked, close }
}

/** The bytes of a reply to this question, however long. */
export function encodeReply(question: Asked, said: FakeReply): Buffer {
  const code = said.rcode === 'BADVERS' ? 16 : rcodes.indexOf(said.rcode ?? 'NOERROR')
  if (code < 0) throw new Error(`${said.rcode} is no code`)
  const flags =
    (said.authoritative === false ? 0 : packet.AUTHORITATIVE_ANSWER) |
    (said.cut === true ? packet.TRUNCATED_RESPONSE : 0) |
    (question.recursion ? packet.RECURSION_DESIRED : 0) |
    (said.recursionAvailable === true ? packet.RECURSION_AVAILABLE : 0) |
    (said.validated === true ? packet.AUTHENTIC_DATA : 0) |
    (code & 15)
  const { name, type, id } = question
  return packet.encode({
    type: 'response',
    id,
    flags,
    questions: [{ name, type }],
    answers: said.answers ?? [],
    authorities: said.authority ?? [],
    additionals: [
      ...(said.additional ?? []),
      ...(question.edns === null ? [] : [optOf(code >> 4, said.extended ?? [])]),
    ],
  })
}

/** A TXT of these strings, each at most 255 bytes. */
export const txt = (name: string, strings: readonly (string | Buffer)[], ttl = 300): packet.Answer => ({
  name,
  type: 'TXT',
  ttl,
  data: [...strings],
})

/** A message as it is on TCP, after its length (RFC 1035 4.2.2). */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

const rcodes = [
  ...['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'],
  ...['YXDOMAIN', 'YXRRSET', 'NXRRSET', 'NOTAUTH', 'NOTZONE'],
]

function questionOf(query: Buffer, over: Over, from: number): Asked {
  const { questions, additionals, id, flag_rd, flag_cd } = packet.decode(query)
  const [question] = questions ?? []
  if (question === undefined) throw new Error('A query without a question')
  const opt = (additionals ?? []).find((one) => one.type === 'OPT')
  return {
    name: question.name,
    type: question.type,
    over,
    id: id ?? 0,
    recursion: flag_rd,
    checkingDisabled: flag_cd,
    edns: opt === undefined ? null : opt.udpPayloadSize,
    dnssecOk: opt?.flag_do === true,
    from,
  }
}

function optOf(extendedRcode: number, extended: number[]): packet.Answer {
  const options = extended.map((number) => {
    const data = Buffer.alloc(2)
    data.writeUInt16BE(number)
    // dns-packet encodes what it has data for, whatever the code; its types name only some.
    return Object.assign({ code: 12 as const, data }, { code: 15 })
  })
  return {
    name: '.',
    type: 'OPT',
    udpPayloadSize: 1232,
    extendedRcode,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options,
  }
}

/** Over UDP, an answer that is too long goes without its records. */
function cutTo(question: Asked, reply: Buffer): Buffer {
  if (question.over === 'tcp' || reply.length <= (question.edns ?? 512)) return reply
  const { rcode, flag_aa } = { rcode: reply.readUInt8(3) & 15, flag_aa: (reply.readUInt8(2) & 4) !== 0 }
  return encodeReply(question, { rcode: rcodes[rcode] ?? 'NOERROR', authoritative: flag_aa, cut: true })
}

function eachMessage(socket: net.Socket, take: (message: Buffer) => Promise<void>): void {
  let received = Buffer.alloc(0)
  socket.on('data', (piece) => {
    received = Buffer.concat([received, piece])
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0)
      void take(received.subarray(2, end))
      received = received.subarray(end)
    }
  })
}

/** Another program may hold the UDP side of the port that TCP was given: then another is asked for. */
async function listenOnBoth(
  host: string,
  wanted = 0,
): Promise<{ tcp: net.Server; udp: dgram.Socket; port: number }> {
  for (let tries = 0; tries < 20; tries++) {
    const tcp = net.createServer()
    await new Promise<void>((resolve, reject) => {
      tcp.once('error', reject)
      tcp.listen(wanted, host, resolve)
    })
    const port = portOf(tcp.address())
    const udp = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4')
    const bound = await new Promise<boolean>((resolve) => {
      udp.once('error', () => resolve(false))
      udp.bind(port, host, () => resolve(true))
    })
    if (bound) return { tcp, udp, port }
    await new Promise<void>((done) => tcp.close(() => done()))
  }
  throw new Error('No port is free for both UDP and TCP')
}

/** A port of 127.0.0.1 that was free for UDP and TCP just now, for a program that has to be told one. */
export async function freePort(): Promise<number> {
  const { tcp, udp, port } = await listenOnBoth('127.0.0.1')
  await Promise.all([
    new Promise<void>((done) => udp.close(() => done())),
    new Promise<void>((done) => tcp.close(() => done())),
  ])
  return port
}
