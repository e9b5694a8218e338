import type { Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Ask, DnsReply, NoReply, Reach } from '../../main/dns/wire/ask.ts'
import { createAsk, type Limits } from '../../main/dns/wire/create-ask.ts'
import type { Question } from '../../main/dns/zone/view.ts'
import {
  type Answering,
  type Asked,
  encodeReply,
  type NameServer,
  startNameServer,
  txt,
} from '../fakes/name-server.ts'

export type Host = '127.0.0.1' | '::1'
export const quick: Partial<Limits> = {
  triesMs: [60, 60, 60],
  connectMs: 300,
  tcpMs: 400,
  totalMs: 2000,
}

export const reachOf = (host: Host, port: number): Reach => ({ host, port, family: host === '::1' ? 6 : 4 })

/** An `Ask` of one place, whatever address it is given. */
export const askOf = (host: Host, port: number, limits: Partial<Limits> = {}): Ask =>
  createAsk(() => reachOf(host, port), { triesMs: [1000, 1000, 1000], ...limits })

/** Asks for the TXT of town.example, or for what is said. */
export const once = (
  ask: Ask,
  question: Partial<Question> = {},
  signal = AbortSignal.timeout(10_000),
): Promise<DnsReply | NoReply> =>
  ask('192.0.2.1', { name: 'town.example', type: 'TXT', ...question }, { signal })

/** A name server for the rest of the test. */
export async function serverFor(
  answer: Answering,
  host: Host = '127.0.0.1',
  onTcp?: (socket: Socket) => void,
): Promise<NameServer> {
  const server = await startNameServer({ answer, host, ...(onTcp && { onTcp }) })
  onTestFinished(() => server.close())
  return server
}

/** Such a server, asked once. */
export async function askedOnce(
  answer: Answering,
  limits: Partial<Limits> = {},
  question: Partial<Question> = {},
) {
  const server = await serverFor(answer)
  const reply = await once(askOf(server.host, server.port, limits), question)
  return { reply, asked: server.asked }
}

/** One SPF, and what is read of it. */
export const good = (question: Asked) => ({ answers: [txt(question.name, ['v=spf1 -all'])] })
export const right = { kind: 'reply', rcode: 'NOERROR', answers: [{ value: 'v=spf1 -all' }] }

/** The good answer, with these bytes of its header changed. */
export const spoilt = (question: Asked, spoil: (bytes: Buffer) => void): Buffer => {
  const bytes = encodeReply(question, good(question))
  spoil(bytes)
  return bytes
}
export const otherId = (question: Asked) =>
  spoilt(question, (bytes) => bytes.writeUInt16BE(question.id ^ 1, 0))
