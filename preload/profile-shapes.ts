import { z } from 'zod'

export const profileColours = ['blue', 'green', 'orange', 'red', 'violet', 'yellow'] as const

/** `ask`: every act that changes something is confirmed first; `read-only`: none is made. */
export const profileLocks = ['none', 'ask', 'read-only'] as const
export const profileLock = z.enum(profileLocks)
export type ProfileLock = z.infer<typeof profileLock>

/** How the agents of a profile prove who they are (docs/sign-in.md). A confidential client's secret is in the vault. */
export const signInSettings = z.object({
  /** https, or http on this very computer in the sandbox. */
  issuer: z.string().max(500),
  clientId: z.string().min(1).max(200),
  client: z.enum(['public', 'confidential']),
  /** A public client always uses PKCE; only a confidential one may go without, when its provider knows none. */
  pkce: z.boolean(),
  /** The ports of `http://127.0.0.1:<port><path>`, each registered at the provider; the first free one is used. */
  ports: z.array(z.int().min(1024).max(65_535)).min(1).max(10),
  path: z.string().regex(/^\/[\w./-]{0,100}$/),
  scopes: z.string().max(300),
  algorithm: z.enum(['ES256', 'RS256']),
  /** What the provider's userinfo answers: declared, so that a signed one cannot be replaced by a plain one. */
  userinfo: z.enum(['json', 'jwt']),
  /** The levels of assurance of which one is required; empty: none is asked. */
  acr: z.array(z.string().min(1).max(300)).max(10),
  acrRequest: z.enum(['none', 'acr_values', 'claims']),
})
export type SignInSettings = z.infer<typeof signInSettings>

/** A name of the query that a forwarded claim must not take (docs/entitlements.md 4). */
export const reservedClaims = ['service_id', 'account_type', 'account_email', 'account_id'] as const

export const entitlementSettings = z.discriminatedUnion('backend', [
  z.object({ backend: z.literal('local') }),
  z.object({
    backend: z.literal('deploycenter'),
    /** The whole address of the endpoint, used as it is. */
    address: z.string().max(500),
    serviceId: z.string().regex(/^\d{1,18}$/),
    /** The names of the claims that are sent along. */
    claims: z
      .array(z.string().regex(/^[\w.-]{1,100}$/))
      .max(20)
      .refine((names) => names.every((name) => !reservedClaims.some((taken) => taken === name))),
    timeoutS: z.int().min(1).max(60),
    /** An answer this young is not asked for again; and one this old may still be shown when none comes. */
    freshS: z.int().min(0).max(86_400),
    staleS: z
      .int()
      .min(0)
      .max(7 * 86_400),
    /** The custom attribute of a domain that names its organisation. */
    organizationClaim: z.string().regex(/^[\w.-]{1,100}$/),
  }),
])
export type EntitlementSettings = z.infer<typeof entitlementSettings>

/** On which domains the agents of a profile work; by claim: who has this value in that claim works on all. */
export const profileScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('entitled') }),
  z.object({
    kind: z.literal('claim'),
    claim: z.string().min(1).max(100),
    value: z.string().min(1).max(200),
  }),
])
export type ProfileScope = z.infer<typeof profileScope>

export const flagSettings = z.discriminatedUnion('from', [
  z.object({ from: z.literal('profile'), create: z.boolean(), manageAccesses: z.boolean() }),
  /** The whole address of a public configuration (docs/entitlements.md 7). */
  z.object({ from: z.literal('address'), address: z.string().max(500) }),
])
export type FlagSettings = z.infer<typeof flagSettings>

/** What of FEATURE_MAILDOMAIN_CREATE and FEATURE_MAILDOMAIN_MANAGE_ACCESSES is on. */
export const flags = z.object({ create: z.boolean(), manageAccesses: z.boolean() })
export type Flags = z.infer<typeof flags>

/** The two public resolvers that are asked beside the name servers of a domain, as IP addresses. */
export const dnsSettings = z.object({
  resolvers: z.array(z.union([z.ipv4(), z.ipv6()])).max(2),
})
/** Letter templates in place of the program's own (resources/letters), by language; null: the program's. */
export const letterTemplates = z.object({
  fr: z.string().max(20_000).nullable(),
  en: z.string().max(20_000).nullable(),
})
export type LetterTemplates = z.infer<typeof letterTemplates>

/** FDN, an association, and Quad9, a foundation: both validate DNSSEC and keep no log (docs/decisions/resolvers.md). */
const publicResolvers: string[] = ['80.67.169.12', '9.9.9.9']

/** A profile of which nothing has been said but its dimail: nobody signs in, nothing is locked, no flag is on. */
export const plainProfile = {
  lock: 'none',
  signIn: null,
  entitlements: { backend: 'local' },
  scope: { kind: 'all' },
  flags: { from: 'profile', create: false, manageAccesses: false },
  provisioning: null,
  attributesSchema: null,
  dns: { resolvers: publicResolvers },
  letters: { fr: null, en: null },
} as const

const rest = {
  lock: profileLock.default(plainProfile.lock),
  /** Null: no provider; who holds dimail's credentials is support. */
  signIn: signInSettings.nullable().default(plainProfile.signIn),
  entitlements: entitlementSettings.default(plainProfile.entitlements),
  scope: profileScope.default(plainProfile.scope),
  flags: flagSettings.default(plainProfile.flags),
  /** The port of the provisioning endpoint on 127.0.0.1; it listens only when the vault has its key. */
  provisioning: z
    .object({ port: z.int().min(1024).max(65_535) })
    .nullable()
    .default(plainProfile.provisioning),
  /** A JSON Schema (2020-12) that the custom attributes of domains must fit; null: anything that is plain. */
  attributesSchema: z.string().max(20_000).nullable().default(plainProfile.attributesSchema),
  dns: dnsSettings.default(plainProfile.dns),
  letters: letterTemplates.default(plainProfile.letters),
}

/** What an agent types of a profile, and what is exported: never a secret. */
export const profileDraft = z.object({
  name: z.string().trim().min(1).max(80),
  colour: z.enum(profileColours),
  address: z.string().min(1).max(500),
  username: z.string().min(1).max(200),
  ...rest,
})
export type ProfileDraft = z.infer<typeof profileDraft>

export const profile = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['sandbox', 'dimail']),
  colour: z.enum(profileColours),
  address: z.string(),
  username: z.string(),
  ...rest,
})
export type Profile = z.infer<typeof profile>

/** The servers of a profile, each with a test of its own. */
export const profileServers = ['dimail', 'provider', 'entitlements', 'flags'] as const
export type ProfileServer = (typeof profileServers)[number]

const secret = z.string().min(1).max(2000).nullable()
/** Typed by an administrator; null: the one already in the vault stays. They never come back. */
export const profileSecrets = z.strictObject({
  password: secret,
  clientSecret: secret,
  deployCenterKey: secret,
  provisioningKey: secret,
})
export type ProfileSecrets = z.infer<typeof profileSecrets>
/** Which secrets are known. */
export const knownSecrets = z.object({
  password: z.boolean(),
  clientSecret: z.boolean(),
  deployCenterKey: z.boolean(),
  provisioningKey: z.boolean(),
})
export type KnownSecrets = z.infer<typeof knownSecrets>

/** What a test of a server told: facts for a sentence of the page, `profiles.tested.<server>`. */
export const serverTest = z.object({
  server: z.enum(profileServers),
  facts: z.record(z.string(), z.union([z.string().max(500), z.number(), z.boolean()])),
})
export type ServerTest = z.infer<typeof serverTest>
