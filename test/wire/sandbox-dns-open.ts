import type { RecordType } from 'dns-packet'
import { hostOf, nameServers } from '../../main/sandbox/dns/servers.ts'
import type { SandboxOptions } from '../../main/sandbox/server.ts'
import { type Asked, askDns } from '../fakes/dns-client.ts'
import { domainOf, open } from './sandbox-wire.ts'

export const town = 'belmont-la-roche.example'
export const namesOf = (domain: string) => hostOf(domain).servers.map(({ name }) => name)

/** A sandbox, and how to ask each of its name servers; by default the first of the town's. */
export async function openDns(options: SandboxOptions = { domains: 3 }) {
  const opened = await open(options)
  const { sandbox } = opened
  const port = (server = namesOf(town)[0]) => {
    const address = nameServers.find(({ name }) => name === server)?.addresses[0] ?? server ?? ''
    const found = sandbox.dns.ports[address]
    if (found === undefined) throw new Error(`Nobody listens for ${server}`)
    return found
  }
  /** Asks a name server, or the address of a resolver. */
  const at =
    (server?: string) =>
    (name: string, type: RecordType, how: Asked = {}) =>
      askDns(port(server), name, type, how)
  const recursive = (name: string, type: RecordType, how: Asked = {}) =>
    at('192.0.2.53')(name, type, { recursion: true, size: 1232, ...how })
  const domain = domainOf(sandbox, town)
  return { ...opened, port, at, recursive, domain }
}
