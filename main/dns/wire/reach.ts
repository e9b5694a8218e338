import { networkInterfaces } from 'node:os'
import type { UnreadReason } from '../../../preload/dns-shapes.ts'
import type { Reach } from './ask.ts'

/** A system that has no IPv6 at all refuses so. */
const withoutFamily = ['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EPROTONOSUPPORT']

/** Why a system call on a socket failed, as the reader of a diagnosis is told: this computer, or the way there. */
export function reasonOf(error: Error, { family }: Reach, interfaces = networkInterfaces()): UnreadReason {
  const code = 'code' in error ? String(error.code) : ''
  const here = withoutFamily.includes(code) || (code.endsWith('UNREACH') && !hasIpv6(interfaces))
  return family === 6 && here ? 'no-ipv6' : 'unreachable'
}

/** Whether an address of this computer is of the internet (2000::/3); local ones lead nowhere. */
const hasIpv6 = (interfaces: ReturnType<typeof networkInterfaces>): boolean =>
  Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .some(({ family, address, internal }) => family === 'IPv6' && !internal && /^[23]/.test(address))
