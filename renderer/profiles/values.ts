import {
  type EntitlementSettings,
  type FlagSettings,
  type ProfileDraft,
  type ProfileScope,
  type ProfileSecrets,
  type ProfileServer,
  plainProfile,
  profileDraft,
  type SignInSettings,
} from '../../preload/profile-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'

type DeployCenter = Extract<EntitlementSettings, { backend: 'deploycenter' }>
type NumberTyped = number | string

/**
 * What the editor holds: every part of a profile at once, the ones that are switched off included, so that switching
 * one off and on again loses nothing of what was typed.
 */
export type ProfileValues = Pick<ProfileDraft, 'name' | 'colour' | 'lock' | 'address' | 'username'> & {
  signIn: Omit<SignInSettings, 'ports'> & { on: boolean; ports: string[] }
  entitlements: Omit<DeployCenter, 'backend' | 'timeoutS' | 'freshS' | 'staleS'> & {
    backend: EntitlementSettings['backend']
    timeoutS: NumberTyped
    freshS: NumberTyped
    staleS: NumberTyped
  }
  scope: { kind: ProfileScope['kind']; claim: string; value: string }
  flags: { from: FlagSettings['from']; create: boolean; manageAccesses: boolean; address: string }
  provisioning: { on: boolean; port: NumberTyped }
  attributesSchema: string
  /** Two fields; an empty one names nobody. */
  resolvers: string[]
  /** Empty: the program's own. */
  letters: Record<Locale, string>
  /** Empty: not typed, and what the vault has stays. */
  secrets: Record<keyof ProfileSecrets, string>
}

/** Ports below those that systems give out by themselves, so that they are seldom taken. */
const offered = {
  signIn: {
    on: false,
    issuer: '',
    clientId: '',
    client: 'public',
    pkce: true,
    ports: ['28765', '28766', '28767'],
    path: '/callback',
    scopes: 'openid email profile',
    algorithm: 'ES256',
    userinfo: 'json',
    acr: [],
    acrRequest: 'none',
  },
  entitlements: {
    backend: 'local',
    address: '',
    serviceId: '',
    claims: ['siret'],
    timeoutS: 10,
    freshS: 300,
    staleS: 86_400,
    organizationClaim: 'siret',
  },
  scope: { kind: 'all', claim: '', value: '' },
  flags: { from: 'profile', create: false, manageAccesses: false, address: '' },
  provisioning: { on: false, port: 28_780 },
} satisfies Partial<ProfileValues>

const noSecrets = { password: '', clientSecret: '', deployCenterKey: '', provisioningKey: '' }

/** A profile of which nothing has been said yet. Red, as what is real must be seen to be. */
export const newDraft: ProfileDraft = {
  ...plainProfile,
  name: '',
  colour: 'red',
  address: '',
  username: '',
}

/** What the editor starts from. */
export function valuesOf(draft: ProfileDraft): ProfileValues {
  const { name, colour, lock, address, username, signIn, provisioning, attributesSchema } = draft
  const { dns, letters } = draft
  return {
    ...{ name, colour, lock, address, username },
    signIn: signIn
      ? { ...signIn, on: true, ports: signIn.ports.map(String) }
      : { ...offered.signIn, ports: [...offered.signIn.ports] },
    entitlements: { ...offered.entitlements, ...draft.entitlements },
    scope: { ...offered.scope, ...draft.scope },
    flags: { ...offered.flags, ...draft.flags },
    provisioning: provisioning ? { on: true, port: provisioning.port } : offered.provisioning,
    attributesSchema: attributesSchema ?? '',
    resolvers: [dns.resolvers[0] ?? '', dns.resolvers[1] ?? ''],
    letters: { fr: letters.fr ?? '', en: letters.en ?? '' },
    secrets: noSecrets,
  }
}

/** An empty field is no number: zero would be one. */
const numberOf = (typed: NumberTyped): number => (String(typed).trim() === '' ? Number.NaN : Number(typed))

function entitlementsOf(typed: ProfileValues['entitlements']): EntitlementSettings {
  if (typed.backend === 'local') return { backend: 'local' }
  return {
    ...typed,
    backend: 'deploycenter',
    address: typed.address.trim(),
    serviceId: typed.serviceId.trim(),
    timeoutS: numberOf(typed.timeoutS),
    freshS: numberOf(typed.freshS),
    staleS: numberOf(typed.staleS),
  }
}

function scopeOf({ kind, claim, value }: ProfileValues['scope']): ProfileScope {
  return kind === 'claim' ? { kind, claim: claim.trim(), value: value.trim() } : { kind }
}

function flagsOf({ from, create, manageAccesses, address }: ProfileValues['flags']): FlagSettings {
  return from === 'profile' ? { from, create, manageAccesses } : { from, address: address.trim() }
}

function signInOf({ on, ...typed }: ProfileValues['signIn']): SignInSettings | null {
  if (!on) return null
  const { issuer, clientId, client, pkce, ports } = typed
  return {
    ...typed,
    issuer: issuer.trim(),
    clientId: clientId.trim(),
    pkce: client === 'public' || pkce,
    ports: ports.map(numberOf),
  }
}

const typedOrNull = (typed: string): string | null => (typed.trim() === '' ? null : typed)

/** What is sent of it: only the parts that are switched on. It may not fit the contract: ask `wrongIn`. */
export function draftOf(values: ProfileValues): ProfileDraft {
  const { colour, lock, provisioning, attributesSchema, resolvers, letters } = values
  return {
    name: values.name.trim(),
    colour,
    address: values.address.trim(),
    username: values.username.trim(),
    lock,
    signIn: signInOf(values.signIn),
    entitlements: entitlementsOf(values.entitlements),
    scope: scopeOf(values.scope),
    flags: flagsOf(values.flags),
    provisioning: provisioning.on ? { port: numberOf(provisioning.port) } : null,
    attributesSchema: typedOrNull(attributesSchema),
    dns: { resolvers: resolvers.map((address) => address.trim()).filter((address) => address !== '') },
    letters: { fr: typedOrNull(letters.fr), en: typedOrNull(letters.en) },
  }
}

/** The secrets that were typed, of the parts that are switched on. */
export function secretsOf({ secrets, signIn, entitlements, provisioning }: ProfileValues): ProfileSecrets {
  const typed = (secret: string, used: boolean) => (used && secret !== '' ? secret : null)
  return {
    password: typed(secrets.password, true),
    clientSecret: typed(secrets.clientSecret, signIn.on && signIn.client === 'confidential'),
    deployCenterKey: typed(secrets.deployCenterKey, entitlements.backend === 'deploycenter'),
    provisioningKey: typed(secrets.provisioningKey, provisioning.on),
  }
}

/** The fields that have a sentence of their own when what they hold cannot be: `profiles.wrong.<field>`. */
export const wrongFields = [
  'name',
  'address',
  'username',
  'issuer',
  'clientId',
  'ports',
  'path',
  'scopes',
  'acr',
  'serviceId',
  'claims',
  'timeoutS',
  'freshS',
  'staleS',
  'organizationClaim',
  'claim',
  'value',
  'port',
  'attributesSchema',
  'resolvers',
] as const
export type WrongField = (typeof wrongFields)[number]

/** Whether a text is one JSON object, as a schema is. */
function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

const fieldIn = (path: readonly PropertyKey[]): WrongField | undefined =>
  wrongFields.findLast((field) => path.includes(field))

/** Addresses that the contract lets be empty, and that nothing can be asked of while they are. */
function missingIn({ signIn, entitlements, flags }: ProfileDraft): string[] {
  return [
    ...(signIn?.issuer === '' ? ['signIn.issuer'] : []),
    ...(entitlements.backend === 'deploycenter' && entitlements.address === ''
      ? ['entitlements.address']
      : []),
    ...(flags.from === 'address' && flags.address === '' ? ['flags.address'] : []),
  ]
}

/** The fields of a draft that cannot be saved as they are, by the path of the form: nothing is asked of main before. */
export function wrongIn(draft: ProfileDraft): Record<string, WrongField> {
  const paths = missingIn(draft)
  for (const { path } of profileDraft.safeParse(draft).error?.issues ?? [])
    paths.push(path.filter((step) => typeof step === 'string').join('.'))
  const { attributesSchema } = draft
  if (attributesSchema !== null && !isObject(attributesSchema)) paths.push('attributesSchema')
  const wrong: Record<string, WrongField> = {}
  for (const path of paths) {
    const field = fieldIn(path.split('.'))
    if (field) wrong[path] = field
  }
  return wrong
}

/**
 * The draft that a test of one server needs: what the agent has not come to yet must not keep that server from being
 * asked.
 */
export function draftToTest(values: ProfileValues, server: ProfileServer): ProfileDraft {
  const { name, colour, lock, address, username, signIn, entitlements, flags } = draftOf(values)
  const needed = { ...plainProfile, name: name || '–', colour, lock }
  const own =
    server === 'dimail' ? { address, username } : { address: address || '–', username: username || '–' }
  return {
    ...needed,
    ...own,
    ...(server === 'provider' ? { signIn } : {}),
    ...(server === 'entitlements' ? { entitlements } : {}),
    ...(server === 'flags' ? { flags } : {}),
  }
}

/** The addresses to register at the provider, exactly so. */
export const redirectUris = ({ ports, path }: Pick<ProfileValues['signIn'], 'ports' | 'path'>): string[] =>
  ports.map((port) => `http://127.0.0.1:${port}${path}`)

/** Where the provider sends the agent back after signing out, for each of those (docs/sign-in.md). */
export const signedOutUri = (redirectUri: string): string => `${redirectUri.replace(/\/$/, '')}/signed-out`
