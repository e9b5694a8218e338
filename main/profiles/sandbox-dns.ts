import type { ReachOf } from '../dns/wire/ask.ts'
import type { SandboxDns } from './sandbox-control.ts'

/**
 * Where the Sandbox profile asks DNS: the sandbox's own servers, on loopback, and nobody else. While it is stopped there
 * is neither a root nor anybody to reach.
 */
export function sandboxPlace(dns: () => SandboxDns | null) {
  const reach: ReachOf = (address) => {
    const ports = dns()?.ports ?? {}
    const port = Object.hasOwn(ports, address) ? ports[address] : undefined
    return port === undefined ? 'unreachable' : { host: '127.0.0.1', port, family: 4 }
  }
  return { roots: () => dns()?.roots ?? [], reach }
}
