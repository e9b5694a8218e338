import type { ProfileValues } from './values.ts'

export const presetNames = ['keycloak', 'proconnect'] as const
export type PresetName = (typeof presetNames)[number]

type Known = Partial<ProfileValues['signIn']>

/** What is known of a provider before its administrator has said anything (docs/sign-in.md). */
const known: Record<PresetName, Known> = {
  keycloak: {
    client: 'public',
    pkce: true,
    scopes: 'openid email profile',
    algorithm: 'RS256',
    userinfo: 'json',
    acr: [],
    acrRequest: 'none',
  },
  /** ProConnect documents no PKCE, and refuses parameters that it does not know. */
  proconnect: {
    client: 'confidential',
    pkce: false,
    scopes: 'openid given_name usual_name email uid siret',
    algorithm: 'RS256',
    userinfo: 'jwt',
    acr: ['eidas1'],
    acrRequest: 'acr_values',
  },
}

/** What was typed, with what the provider is known to want: its address, the client and the ports stay. */
export const withPreset = (signIn: ProfileValues['signIn'], name: PresetName): ProfileValues['signIn'] => ({
  ...signIn,
  ...known[name],
  on: true,
})
