/** Who somebody is, as a verified ID token and userinfo tell it (docs/sign-in.md). */
export type Identity = {
  sub: string
  issuer: string
  name: string
  /** In lower case; null when the provider tells none. */
  email: string | null
  /** Whether invitations to this address may be taken as theirs: not when the provider says that it is unverified. */
  emailVerified: boolean
  /** Everything that userinfo told, for the claims that entitlements forward. Never logged, never shown whole. */
  claims: Readonly<Record<string, unknown>>
}
