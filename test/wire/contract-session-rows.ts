import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vaultNames } from '../../main/profiles/secrets.ts'
import type { Call } from '../../preload/channels.ts'
import type { ProfileDraft, ProfileSecrets } from '../../preload/profile-shapes.ts'
import type { Console } from '../fakes/console.ts'
import { credentials, noProfile, page, type Row, stopped, town, unknown } from './contract-row.ts'
import { draft, noSecrets, signIn } from './profiles-draft.ts'

type Rows = {
  [C in Extract<Call, `${'profiles' | 'session' | 'entitlements' | 'provisioning'}.${string}`>]: Row
}

/** Secrets that a profile is kept with, or given: what no answer, push or log may hold. */
export const canaries = {
  clientSecret: 'canari-du-client-7Hq2',
  deployCenterKey: 'canari-de-deploycenter-9Xw4',
  provisioningKey: 'canari-du-provisionnement-5Kd8-0123456789abcdef',
} satisfies Partial<ProfileSecrets>
/** The refresh token of an agent of a profile that is not open. */
const keptToken = 'canari-du-jeton-3Pz8'

/** A profile that is kept beside the one that is open, with each of its secrets known. */
export async function keepProfile(console: Console): Promise<{ id: string }> {
  const { address, password } = await credentials(console)
  const id = 'p-gardee'
  const { profiles } = console.registry.read()
  const profile = { ...(await drafted(console)), name: 'Gardée', address, id, kind: 'dimail' as const }
  console.registry.write({ profiles: [...profiles.filter((one) => one.id !== id), profile] })
  const secrets = { ...canaries, password: `${password}-gardé` }
  for (const [name, secret] of Object.entries(secrets))
    console.vault.write(vaultNames[name as keyof typeof secrets](id), secret)
  console.vault.write(vaultNames.session(id), JSON.stringify({ refreshToken: keptToken }))
  return { id }
}

/** Everything that the console holds in this run and tells nobody, with the tokens that the sandbox has given. */
export function secretsOf({ process }: Console, tokens: readonly string[]): string[] {
  const sandbox = process.running()
  if (sandbox === null || tokens.length < 3) throw new Error('Nobody has signed in to the sandbox')
  const { password, key, deployCenter, openid } = sandbox
  const keys = [key, deployCenter.key, openid.confidential.clientSecret]
  return [password, ...keys, ...tokens, ...Object.values(canaries), keptToken]
}

/** The tokens in an answer of the sandbox's provider. */
export function tokensIn(answer: unknown): string[] {
  if (typeof answer !== 'string' || !answer.includes('"access_token"')) return []
  const told: { [name: string]: unknown } = JSON.parse(answer)
  return ['access_token', 'id_token', 'refresh_token'].map((name) => String(told[name]))
}

/** A new profile of the sandbox itself: its provider with a confidential client, and provisioning's key. */
async function drafted(console: Console): Promise<ProfileDraft> {
  const { address, username } = await credentials(console)
  const confidential = { ...signIn, issuer: `${address}/openid`, client: 'confidential' as const }
  return { ...draft, address, username, signIn: confidential }
}
async function given(console: Console) {
  const { password } = await credentials(console)
  return { draft: await drafted(console), secrets: { ...canaries, password } }
}
const wrongly = async (console: Console) => {
  const { draft, secrets } = await given(console)
  return { draft, secrets: { ...secrets, password: 'faux' } }
}
const tested = (make: typeof given) => async (console: Console) => ({
  ...{ server: 'dimail', id: null },
  ...(await make(console)),
})
const saved = (make: typeof given) => async (console: Console) => ({ id: null, ...(await make(console)) })

/** The agent chooses this file in the system's dialog. */
function choosesFile(console: Console, content: string): void {
  const path = join(console.path, 'profil.json')
  writeFileSync(path, content)
  console.chosen.file = path
}
async function choosesProfile(console: Console): Promise<undefined> {
  const profile = { ...draft, name: 'Reçue' }
  choosesFile(console, JSON.stringify({ format: 'dimail-console-profile', version: 1, profile }))
}
async function exported(console: Console): Promise<{ id: string }> {
  console.chosen.target = join(console.path, 'exporte.json')
  return keepProfile(console)
}

const planned = async (console: Console) => ({
  plan: (await console.handlers['entitlements.plan'](undefined)).id,
})
const names = { text: 'neuve-fictive.example', oidcAutojoin: true, identitySync: false }
const provisioned = async (console: Console) => ({
  plan: (await console.handlers['provisioning.preview'](names))?.id,
})

export const sessionRows: Rows & { 'quota.read': Row } = {
  'profiles.test': {
    fits: tested(given),
    unfit: { server: 'dimail', id: null, draft, secrets: { ...noSecrets, otherKey: null } },
    fails: { with: tested(wrongly), code: 'refused' },
    fuzzed: { server: 'flags', id: null, draft, secrets: noSecrets },
  },
  'profiles.read': {
    fits: keepProfile,
    unfit: { id: 'x'.repeat(61) },
    fails: { with: { id: '../..' }, code: 'not-found' },
  },
  'profiles.save': {
    fits: saved(given),
    unfit: { id: null, draft: { ...draft, name: ' ' }, secrets: noSecrets },
    fails: { with: saved(wrongly), code: 'refused' },
    fuzzed: { id: null, draft, secrets: noSecrets },
  },
  'profiles.remove': {
    fits: keepProfile,
    unfit: { id: 3 },
    fails: { with: { id: 'sandbox' }, code: 'not-possible' },
    fuzzed: { id: 'absent' },
  },
  'profiles.export': {
    fits: exported,
    unfit: { id: 'sandbox', path: '/tmp/ailleurs.json' },
    fails: { with: { id: 'sandbox' }, code: 'not-possible' },
    fuzzed: { id: 'absent' },
  },
  'profiles.import': {
    fits: choosesProfile,
    unfit: { path: '/etc/passwd' },
    fails: { before: (console) => choosesFile(console, '{"format": 1}'), code: 'invalid' },
    fuzzed: undefined,
  },
  'profiles.open': {
    fits: { id: 'sandbox' },
    unfit: { id: 'x'.repeat(61) },
    fails: { with: { id: '../..' }, code: 'not-found' },
    fuzzed: { id: 'absent' },
  },
  'profiles.close': { fits: undefined, unfit: {} },
  'profiles.unlock': {
    fits: async (console: Console) => ({ password: (await credentials(console)).password }),
    unfit: { password: '' },
    fails: { with: { password: 'faux' }, code: 'refused' },
    fuzzed: { password: 'faux' },
  },

  'session.read': { fits: undefined, unfit: {}, fails: noProfile },
  'session.signIn': {
    fits: undefined,
    unfit: { agent: 'support' },
    fails: { before: stopped, code: 'offline' },
    fuzzedAfter: stopped,
  },
  'session.cancel': { fits: undefined, unfit: false, fails: noProfile },
  'session.signOut': { fits: undefined, unfit: { everywhere: true }, fails: noProfile },
  'session.approve': {
    fits: async (console: Console) => {
      const asked = console.profiles.opened().approvals.pass('domains.repair', { name: town })
      return { ask: asked.ok ? '' : asked.failure.details.ask }
    },
    unfit: { ask: 'x'.repeat(81) },
    fails: { with: { ask: 'inventé' }, code: 'not-found' },
  },
  'entitlements.plan': { fits: undefined, unfit: { person: 'autre' }, fails: noProfile },
  'entitlements.apply': {
    fits: planned,
    unfit: { plan: 1.5 },
    fails: { with: { plan: 999 }, code: 'not-found' },
  },
  'entitlements.decline': {
    fits: planned,
    unfit: { plan: '1' },
    fails: { with: { plan: 999 }, code: 'not-found' },
  },
  'quota.read': {
    fits: async (console: Console) => {
      const { desk } = console.profiles.opened()
      const attributes = { siret: '99900000400011' }
      const provisioned = { domain: town, attributes, oidcAutojoin: false, identitySync: false, at: 1 }
      await desk.provisioned.put(town, town, provisioned)
      return { address: `contact@${town}` }
    },
    unfit: { address: 'a' },
    fails: noProfile,
    fuzzed: { address: `absent@${unknown}` },
  },
  'provisioning.preview': {
    fits: names,
    unfit: { ...names, text: 3 },
    fails: { with: { ...names, text: '' }, code: 'invalid' },
  },
  'provisioning.read': {
    fits: async (console: Console) => ({ ...(await provisioned(console)), verdict: null, ...page }),
    unfit: { plan: 1, verdict: 'autre', ...page },
    fails: { with: { plan: 99, verdict: null, ...page }, code: 'not-found' },
  },
  'provisioning.run': {
    fits: provisioned,
    unfit: { plan: 1, text: 'autre.example' },
    fails: { with: { plan: 99 }, code: 'not-found' },
    fuzzed: { plan: 99 },
  },
  'provisioning.endpoint': { fits: undefined, unfit: { port: 1 }, fails: noProfile },
}
