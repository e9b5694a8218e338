import { Socket as Datagrams } from 'node:dgram'
import dns from 'node:dns'
import { appendFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { Socket } from 'node:net'

/**
 * Loaded before the console and its sandbox (`--import`): notes in the file `LOOPBACK_ONLY`, a line each, every place
 * that this process sends a datagram to, opens a connection to or asks the system's resolver about.
 */

const file = process.env.LOOPBACK_ONLY ?? ''
const note = (what: string) => appendFileSync(file, `${what}\n`)

/** The same function, whose calls are noted first. */
function noted<T extends (...given: never[]) => unknown>(
  called: T,
  lineOf: (given: readonly unknown[]) => string | null,
): T {
  return new Proxy(called, {
    apply(target, self, given: unknown[]) {
      const line = lineOf(given)
      if (line !== null) note(line)
      return Reflect.apply(target, self, given)
    },
  })
}

/** The address comes after the message; a socket that is connected sends where it was connected to. */
const sentTo = ([, ...given]: readonly unknown[]) => {
  const address = given.find((one) => typeof one === 'string')
  return address === undefined ? null : `udp ${address}`
}
const connectedTo = ([, address]: readonly unknown[]) =>
  `udp ${typeof address === 'string' ? address : '127.0.0.1'}`
/** As `connect(options)`, or as Node's own modules call it, in a list. A path is no place elsewhere. */
const openedTo = ([first]: readonly unknown[]) => {
  const { path, host = 'localhost' } = Object(Array.isArray(first) ? first[0] : first)
  return path === undefined ? `tcp ${host}` : null
}

Datagrams.prototype.send = noted(Datagrams.prototype.send, sentTo)
Datagrams.prototype.connect = noted(Datagrams.prototype.connect, connectedTo)
Socket.prototype.connect = noted(Socket.prototype.connect, openedTo)
const askedOf = ([name]: readonly unknown[]) => `lookup ${name}`
for (const key of [
  'lookup',
  'resolve',
  'resolve4',
  'resolve6',
  'resolveMx',
  'resolveTxt',
  'resolveNs',
] as const) {
  Object.assign(dns, { [key]: noted(dns[key], askedOf) })
  Object.assign(dns.promises, { [key]: noted(dns.promises[key], askedOf) })
}
syncBuiltinESMExports()
