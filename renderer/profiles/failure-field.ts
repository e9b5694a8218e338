import type { Failure } from '../../preload/failure.ts'

/** Fields by what main says of them: `invalid/…` of a draft (main/profiles/save-check.ts), `refused/…` of a proof. */
const fields: Partial<Record<Failure['code'], Record<string, string>>> = {
  invalid: {
    address: 'address',
    'address-scheme': 'address',
    'address-credentials': 'address',
    'profile-name': 'name',
    'profile-issuer': 'signIn.issuer',
    'profile-client-secret': 'secrets.clientSecret',
    'profile-scopes': 'signIn.scopes',
    'profile-acr': 'signIn.acr',
    'profile-ports': 'signIn.ports',
    'profile-deploycenter-address': 'entitlements.address',
    'profile-flags-address': 'flags.address',
    'profile-scope-sign-in': 'scope.kind',
    'profile-scope-entitlements': 'scope.kind',
    'profile-attributes-schema': 'attributesSchema',
    'profile-letter-fr': 'letters.fr',
    'profile-letter-en': 'letters.en',
  },
  refused: { 'password-needed': 'secrets.password', credentials: 'secrets.password' },
}

/** The field of the editor that a failure of main names; null when it is about none of them. */
export const fieldOf = ({ code, reason }: Failure): string | null => fields[code]?.[reason] ?? null
