import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { vaultNames } from '../../main/profiles/secrets.ts'
import type { Sandbox } from '../../main/sandbox/server.ts'
import { shortest } from '../canaries/forms.ts'
import { type Searcher, searcherFor, searchFolder } from '../canaries/search.ts'

/** What is secret in what the console handles (docs/faults.md 70): each flows through it in a test. */
export const kinds = [
  'dimail password',
  'Basic credentials',
  'dimail token',
  'client secret',
  'authorization code',
  'state of a sign-in',
  'PKCE verifier',
  'access token',
  'refresh token',
  'ID token',
  'provider cookie',
  'DeployCenter key',
  'provisioning key',
  'sandbox key',
  'SMTP password',
  'mailbox password',
  'login code',
] as const
export type Kind = (typeof kinds)[number]

/** Names the file where every process of a run tells what it planted; it is in no folder that is searched. */
export const register = 'PLANTED_SECRETS'

/** A token of a hostile test, which is one letter many times, stands in the titles of others. */
const fewest = 5

// Once for a process, however often this module is loaded in it.
const place = Symbol.for('dimail-console.planted')
const held: unknown = Reflect.get(globalThis, place)
const planted: Map<string, Kind> = held instanceof Map ? held : new Map()
Reflect.set(globalThis, place, planted)
let searcher: Searcher | null = null
/** What the test that runs has planted: no later one can write it. Null outside of a test. */
let ofTest: Set<string> | null = null
let ofLastTest = new Set<string>()

/** From now on nothing written may hold this. What is found by chance is no secret: a short text, or few letters. */
export function plant(kind: Kind, secret: string): void {
  if (secret.length < shortest || new Set(secret).size < fewest || planted.has(secret)) return
  planted.set(secret, kind)
  ofTest?.add(secret)
  searcher = null
  const file = process.env[register]
  if (file !== undefined) appendFileSync(file, `${JSON.stringify([kind, secret])}\n`, { mode: 0o600 })
  for (const part of partsOf(secret)) plant(kind, part)
}

/** Of a signed token, what is its own: its claims and its signature. */
const partsOf = (secret: string) =>
  /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(secret) ? secret.split('.').slice(1) : []

/** The credentials that a sandbox made for itself. */
export function plantSecretsOf({ password, key, mail, deployCenter, openid }: Sandbox): void {
  plant('dimail password', password)
  plant('sandbox key', key)
  plant('SMTP password', mail.smtp.password)
  plant('DeployCenter key', deployCenter.key)
  plant('client secret', openid.confidential.clientSecret)
}

const vaulted: Record<keyof typeof vaultNames, Kind> = {
  clientSecret: 'client secret',
  deployCenterKey: 'DeployCenter key',
  provisioningKey: 'provisioning key',
  session: 'refresh token',
  smtp: 'SMTP password',
  password: 'dimail password',
}

/** What is given to a vault, by the name that it has there. */
export function plantVaulted(name: string, secret: string | null): void {
  if (secret === null) return
  const names = ['clientSecret', 'deployCenterKey', 'provisioningKey', 'session', 'smtp'] as const
  const which = names.find((one) => name.endsWith(vaultNames[one]('')))
  plant(vaulted[which ?? 'password'], secret)
}

/** Takes what other processes told in such a file. */
export function plantFrom(file: string): void {
  if (!existsSync(file)) return
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue
    const [kind, secret]: unknown[] = JSON.parse(line)
    const known = kinds.find((one) => one === kind)
    if (known !== undefined && typeof secret === 'string') plant(known, secret)
  }
}

/** What was planted, with the kind of each. */
export const plantedSecrets = (): ReadonlyMap<string, Kind> => new Map(planted)

/**
 * Called before and after each test of a file, so that the search of its folders takes no longer for those before it.
 * What was planted outside of a test is searched for until the end.
 */
export function betweenTests(begins: boolean): void {
  if (begins) for (const secret of ofLastTest) planted.delete(secret)
  searcher = null
  ofLastTest = ofTest ?? new Set()
  ofTest = begins ? new Set() : null
}

function currentSearcher(): Searcher {
  searcher ??= searcherFor(planted)
  return searcher
}

/** Where in a folder something planted is written: file, name and form of it, and never its value. */
export const searchForPlanted = (folder: string): string[] =>
  planted.size === 0 ? [] : searchFolder(folder, currentSearcher())

/** The same in a text; `except`: kinds that it shows on purpose. */
export function plantedIn(text: string, except: readonly Kind[] = []): string[] {
  if (planted.size === 0) return []
  const found = [...currentSearcher().in(Buffer.from(text))]
  return found.filter((one) => !except.some((kind) => one.startsWith(`${kind},`)))
}

/** @throws Error that says where, when something planted is in a folder. */
export function assertNothingPlanted(folder: string): void {
  const found = searchForPlanted(folder)
  if (found.length > 0) throw new Error(`A secret is written (docs/faults.md 70):\n${found.join('\n')}`)
}
