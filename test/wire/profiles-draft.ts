import { onTestFinished } from 'vitest'
import { startSandbox } from '../../main/sandbox/server.ts'
import {
  type Profile,
  type ProfileDraft,
  type ProfileSecrets,
  plainProfile,
} from '../../preload/profile-shapes.ts'
import type { Console } from '../fakes/console.ts'

export const noSecrets: ProfileSecrets = {
  password: null,
  clientSecret: null,
  deployCenterKey: null,
  provisioningKey: null,
}

/** A provider that nobody asks. */
export const signIn: NonNullable<ProfileDraft['signIn']> = {
  issuer: 'https://identite.example',
  clientId: 'console',
  client: 'public',
  pkce: true,
  ports: [47_620],
  path: '/callback',
  scopes: 'openid email siret',
  algorithm: 'ES256',
  userinfo: 'json',
  acr: [],
  acrRequest: 'none',
}
export const deployCenter: Extract<ProfileDraft['entitlements'], { backend: 'deploycenter' }> = {
  backend: 'deploycenter',
  address: 'https://deploycenter.example/api/v1.0/entitlements/',
  serviceId: '42',
  claims: ['siret'],
  timeoutS: 5,
  freshS: 300,
  staleS: 3600,
  organizationClaim: 'siret',
}
export const draft: ProfileDraft = {
  ...plainProfile,
  ...{ name: 'Fictif', colour: 'red', address: 'https://dimail.example', username: 'agent' },
}

/** A dimail that is not the console's own sandbox, and what a new profile of it is saved with. */
export async function elsewhere() {
  const dimail = await startSandbox({ domains: 5 })
  onTestFinished(() => dimail.close())
  const { url: address, username, password } = dimail
  const input = {
    id: null,
    draft: { ...draft, name: 'Production', address, username },
    secrets: { ...noSecrets, password },
  }
  return { dimail, input, password }
}

/** The profile of that name, as it is kept. */
export function keptAs(console: Console, name: string): Profile {
  const found = console.registry.read().profiles.find((profile) => profile.name === name)
  if (!found) throw new Error(`No profile ${name} is kept`)
  return found
}
