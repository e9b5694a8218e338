import type { Profile } from '../../preload/profile-shapes.ts'
import { createResolver, type Resolver } from '../dns/read/resolver.ts'
import { createAsk } from '../dns/wire/create-ask.ts'
import { internetReach, rootServers } from '../dns/wire/place.ts'
import type { SandboxDns } from './sandbox-control.ts'
import { sandboxPlace } from './sandbox-dns.ts'

/** Where a profile asks DNS: the internet, or the sandbox's own servers and nobody else (docs/decisions/resolvers.md). */
export function resolverOf(
  profile: Profile,
  sandbox: { dns(): SandboxDns | null },
  now: () => number,
): Resolver {
  const { roots, reach } =
    profile.kind === 'sandbox'
      ? sandboxPlace(sandbox.dns)
      : { roots: () => rootServers, reach: internetReach }
  return createResolver({ ask: createAsk(reach), roots, resolvers: () => profile.dns.resolvers, now })
}
