import type { World } from '../world.ts'
import { createAuthority, reply } from './authority.ts'
import { createCatalogue } from './catalogue.ts'
import { type Listener, listen } from './listen.ts'
import type { Answerer } from './packet.ts'
import { createResolver } from './resolver.ts'
import { type NameServer, nameServers, publicResolvers, roots } from './servers.ts'

/** Where the simulated DNS listens: on which port of 127.0.0.1 each of its addresses is. */
export type DnsPlace = { roots: { name: string; address: string }[]; ports: Record<string, number> }

export type Dns = {
  place: DnsPlace
  /** Empties the caches of the public resolvers. */
  forget(): void
  close(): Promise<void>
}

/**
 * The DNS of a world on loopback: a root, the top levels, the name servers of the hosts, two public resolvers. Each is
 * a UDP and TCP port; nothing is prepared for a domain before somebody asks for it.
 * @throws the error of the system when it has no port left.
 */
export async function startDns(deps: {
  world: Pick<World, 'hosted' | 'isAbove'>
  latencyMs: () => number
  now: () => number
}): Promise<Dns> {
  const catalogue = createCatalogue(deps.world)
  const authority = createAuthority(catalogue)
  const resolvers = publicResolvers.map((server) => ({
    server,
    resolver: createResolver({ catalogue, authority, now: deps.now }),
  }))
  const answerers: { server: NameServer; answerer: Answerer }[] = [
    ...nameServers.map((server) => ({
      server,
      answerer: { recursive: false, answer: authorityOf(server.name) },
    })),
    ...resolvers.map(({ server, resolver }) => ({
      server,
      answerer: { recursive: true, answer: recursionOf(resolver) },
    })),
  ]
  function authorityOf(name: string): Answerer['answer'] {
    return (question) => authority.answer(name, question)
  }
  const listeners: Listener[] = []
  let closed: Promise<unknown> | null = null
  async function close() {
    closed ??= Promise.all(listeners.map((listener) => listener.close()))
    await closed
  }
  const ports: Record<string, number> = {}
  try {
    for (const { server, answerer } of answerers) {
      const listener = await listen(answerer, deps.latencyMs)
      listeners.push(listener)
      for (const address of server.addresses) ports[address] = listener.port
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    place: {
      roots: roots.flatMap(({ name, addresses }) => addresses.map((address) => ({ name, address }))),
      ports,
    },
    forget: () => {
      for (const { resolver } of resolvers) resolver.forget()
    },
    close,
  }
}

/** It finds out for whoever asks for it, and tells nobody else what it keeps. */
const recursionOf =
  (resolver: ReturnType<typeof createResolver>): Answerer['answer'] =>
  (question, { recursion, checkingDisabled }) =>
    recursion ? resolver.answer(question, { checkingDisabled }) : reply('REFUSED')
