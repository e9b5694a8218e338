import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import {
  type Answer,
  CHECKING_DISABLED,
  decode,
  encode,
  type Packet,
  RECURSION_DESIRED,
  type RecordType,
  streamEncode,
} from 'dns-packet'
import { onTestFinished } from 'vitest'

export type Asked = {
  over?: 'udp' | 'tcp'
  /** The size that EDNS advertises; none: no EDNS. */
  size?: number
  recursion?: boolean
  checkingDisabled?: boolean
}

/** A question as it travels. */
export function questionOf(name: string, type: RecordType, how: Asked = {}): Packet {
  const { size, recursion = false, checkingDisabled = false } = how
  const opt = {
    ...{ name: '.', type: 'OPT' as const, udpPayloadSize: size ?? 0, extendedRcode: 0, ednsVersion: 0 },
    ...{ flags: 0, flag_do: false, options: [] },
  }
  return {
    type: 'query',
    id: 4711,
    flags: (recursion ? RECURSION_DESIRED : 0) | (checkingDisabled ? CHECKING_DISABLED : 0),
    questions: [{ name, type }],
    additionals: size === undefined ? [] : [opt],
  }
}

/** What comes back for the bytes sent to a port of this computer; null: nothing within `waitMs`. */
export async function sendUdp(port: number, bytes: Buffer, waitMs = 250): Promise<Buffer | null> {
  const socket = createSocket('udp4')
  try {
    const answer = once(socket, 'message', { signal: AbortSignal.timeout(waitMs) })
    socket.send(bytes, port, '127.0.0.1')
    const [message] = await answer
    return Buffer.from(message)
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return null
    throw error
  } finally {
    socket.close()
  }
}

/** The first message of a stream that is opened for these bytes; null: nothing within `waitMs`. */
export function sendTcp(port: number, bytes: Buffer, waitMs = 250): Promise<Buffer | null> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.setTimeout(waitMs, () => socket.destroy())
  socket.write(bytes)
  let held = Buffer.alloc(0)
  return new Promise((resolve, reject) => {
    socket.on('error', reject).on('close', () => resolve(null))
    socket.on('data', (chunk) => {
      held = Buffer.concat([held, chunk])
      const end = held.length < 2 ? Number.POSITIVE_INFINITY : 2 + held.readUInt16BE(0)
      if (held.length >= end) resolve(held.subarray(2, end))
    })
  })
}

/** Asks as a resolver would, and reads what comes back; null: silence. */
export async function askDns(port: number, name: string, type: RecordType, how: Asked = {}) {
  const packet = questionOf(name, type, how)
  const bytes =
    how.over === 'tcp' ? await sendTcp(port, streamEncode(packet)) : await sendUdp(port, encode(packet))
  if (bytes === null) return null
  const { answers = [], authorities = [], additionals = [], ...head } = decode(bytes)
  const opt = additionals.find((record) => record.type === 'OPT')
  return {
    ...{ id: head.id, questions: head.questions, size: bytes.length },
    rcode: String(Reflect.get(head, 'rcode')),
    ...{ aa: head.flag_aa, tc: head.flag_tc, ra: head.flag_ra, ad: head.flag_ad },
    ...{ answers: answers.map(line), authorities: authorities.map(line) },
    additionals: additionals.filter((record) => record !== opt).map(line),
    ttls: answers.map((record) => ('ttl' in record ? record.ttl : undefined)),
    /** As they are cut, of the TXT records. */
    strings: answers.flatMap(({ type: found, ...rest }) =>
      found === 'TXT' && 'data' in rest
        ? [[rest.data].flat().map((piece) => Buffer.from(String(piece)).length)]
        : [],
    ),
    edns: opt !== undefined,
    extendedRcode: opt?.extendedRcode,
    extended: (opt?.options ?? []).map((option) => option.data?.readUInt16BE(0)),
  }
}

/** `name TYPE data`, as tests compare records. */
function line(record: Answer): string {
  if (record.type === 'OPT') return 'OPT'
  const { data } = record
  const texts = Array.isArray(data) ? data.map((piece) => String(piece)).join('') : data
  const shown =
    typeof texts === 'string' || Buffer.isBuffer(texts)
      ? String(texts)
      : Object.values(texts)
          .map((value) => String(value))
          .join(' ')
  return `${record.name} ${record.type} ${shown}`
}
