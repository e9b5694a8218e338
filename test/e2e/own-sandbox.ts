import { type Sandbox, startSandbox } from '../../main/sandbox/server.ts'
import type { ProfileDraft, ProfileSecrets } from '../../preload/profile-shapes.ts'
import { plantSecretsOf } from '../fakes/planted.ts'
import { givenProfile } from './given.ts'

/** What a profile says beside where its dimail is and who it is there. */
export type Said = Partial<ProfileDraft & ProfileSecrets>

/** Its provider, its DeployCenter and its flags, as the built-in Sandbox profile has them. */
export const withAgents = ({ openid, deployCenter, configuration }: Sandbox): Said => ({
  signIn: {
    issuer: openid.issuer,
    clientId: openid.clientId,
    client: 'public',
    pkce: true,
    ports: Array.from({ length: 10 }, (_, index) => 47_650 + index),
    path: '/callback',
    scopes: 'openid given_name usual_name email siret',
    algorithm: 'ES256',
    userinfo: 'json',
    acr: [],
    acrRequest: 'none',
  },
  ...withDeployCenter({ deployCenter }),
  scope: { kind: 'claim', claim: 'roles', value: 'support' },
  flags: { from: 'address', address: configuration },
})

export const withDeployCenter = ({ deployCenter }: Pick<Sandbox, 'deployCenter'>): Said => ({
  entitlements: {
    backend: 'deploycenter',
    address: deployCenter.address,
    serviceId: deployCenter.serviceId,
    claims: ['siret'],
    timeoutS: 10,
    freshS: 300,
    staleS: 86_400,
    organizationClaim: 'siret',
  },
  deployCenterKey: deployCenter.key,
})

/** Everything that a deployment may allow, said by the profile itself. */
export const openFlags: Said = { flags: { from: 'profile', create: true, manageAccesses: true } }

/**
 * A dimail of the test's own, to be spoiled at will, and what starts the console on a profile of it. Without more said
 * of it nobody signs in, nothing is locked and every flag is open.
 */
export async function ownSandbox(
  say: (sandbox: Sandbox) => Said = () => openFlags,
): Promise<{ sandbox: Sandbox; args: string[] }> {
  const sandbox = await startSandbox({})
  plantSecretsOf(sandbox)
  const { url: address, username, password } = sandbox
  const file = givenProfile({ name: 'Essai', address, username, password, ...say(sandbox) })
  return { sandbox, args: ['--profile', file] }
}
