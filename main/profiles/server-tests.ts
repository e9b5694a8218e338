import type { Input } from '../../preload/contract.ts'
import { failed, ok, type Result } from '../../preload/failure.ts'
import type {
  EntitlementSettings,
  Profile,
  ServerTest,
  SignInSettings,
} from '../../preload/profile-shapes.ts'
import { parseAddress } from '../dimail/address.ts'
import { createDimail } from '../dimail/client.ts'
import { createDeployCenter } from '../entitlements/deploycenter.ts'
import { createFlags } from '../entitlements/flags.ts'
import { createConnections } from '../http/connection.ts'
import { parseJson } from '../http/json.ts'
import { createWire, type Timeouts, type Wire } from '../http/wire.ts'
import type { Log } from '../log.ts'
import { discoverProvider } from '../session/provider.ts'
import { isSameClient, isSameDeployCenter, isSameDimail } from './save.ts'
import { isOnThisComputer } from './save-check.ts'
import type { Secrets } from './secrets.ts'

export type TestDeps = {
  /** The profile whose secrets stand in for those not typed, as it is kept; null: a new one. */
  before: { profile: Profile; secrets: Secrets } | null
  now: () => number
  log: Pick<Log, 'info'>
}
type Facts = ServerTest['facts']

/** A test waits for somebody who looks on. */
const timeouts: Timeouts = { connect: 10_000, headers: 10_000, idle: 10_000, total: 15_000 }

/**
 * Asks one server of a profile that is being written, once: facts when it answers as it should, else the failure that
 * its use would have. A secret that is not typed stands in only for the server that it was given for.
 */
export async function testServer(deps: TestDeps, input: Input<'profiles.test'>): Promise<Result<ServerTest>> {
  const connections = createConnections(undefined)
  try {
    const facts = await ask(deps, input, createWire(connections))
    return facts.ok ? ok({ server: input.server, facts: facts.value }) : facts
  } finally {
    connections.close()
  }
}

function ask(deps: TestDeps, input: Input<'profiles.test'>, wire: Wire): Promise<Result<Facts>> {
  const { draft, secrets: typed } = input
  const { before, now, log } = deps
  switch (input.server) {
    case 'dimail': {
      const isSame = before !== null && isSameDimail(before.profile, draft)
      return testDimail(draft, typed.password ?? (isSame ? before.secrets.password() : null))
    }
    case 'provider': {
      const isSame = before !== null && isSameClient(before.profile, draft)
      const secret = typed.clientSecret ?? (isSame ? before.secrets.clientSecret() : null)
      return testProvider(draft, { secret, wire, now })
    }
    case 'entitlements': {
      const isSame = before !== null && isSameDeployCenter(before.profile, draft)
      const key = typed.deployCenterKey ?? (isSame ? before.secrets.deployCenterKey() : null)
      return testEntitlements(draft.entitlements, { key, wire, now, log })
    }
    case 'flags':
      return testFlags(draft, { wire, now, log })
  }
}

type Draft = Input<'profiles.test'>['draft']
type Asking = { wire: Wire; now: () => number; log: Pick<Log, 'info'> }

/** One token call: it proves the address and the credentials, and changes nothing (docs/dimail.md 3). */
async function testDimail(draft: Draft, password: string | null): Promise<Result<Facts>> {
  if (password === null)
    return failed('refused', 'password-needed', 'To try dimail, its password must be typed.')
  const { address, username } = draft
  const proven = await proveDimail({ address, username, password })
  return proven.ok ? ok({ address: proven.value }) : proven
}

/** The address in one way of writing, once dimail has given these credentials a token. */
export async function proveDimail(who: {
  address: string
  username: string
  password: string
}): Promise<Result<string>> {
  const { username, password } = who
  const base = parseAddress(who.address)
  if (!base.ok) return base
  const dimail = createDimail({ address: base.value, credentials: () => ({ username, password }) })
  try {
    const token = await dimail.token()
    return token.ok ? base : token
  } finally {
    dimail.close()
  }
}

/**
 * The provider's own description, by the rules of a sign-in (docs/sign-in.md): its issuer, PKCE, its addresses; then
 * whether it offers the algorithms that this profile declares. No page is opened and nobody signs in.
 */
async function testProvider(
  { signIn, address }: Draft,
  { secret, wire, now }: { secret: string | null; wire: Wire; now: () => number },
): Promise<Result<Facts>> {
  if (signIn === null) return nothingToTest()
  let described = ''
  const listening: Wire = async (...asked) => {
    const outcome = await wire(...asked)
    if ('answer' in outcome) described = outcome.answer.bytes.toString()
    return outcome
  }
  const found = await discoverProvider(
    {
      ...{ settings: signIn, secret: () => secret, wire: listening, timeouts, now },
      allowHttp: isOnThisComputer(address),
    },
    new AbortController().signal,
  )
  if (!found.ok) return found
  const description = parseJson(described)
  const offered = (name: string) => namesIn(description.ok ? description.value : null, name)
  const lacking = lackingAlgorithm(signIn, offered)
  if (lacking) return lacking
  return ok({
    issuer: signIn.issuer,
    pkce: offered('code_challenge_methods_supported').includes('S256'),
    algorithm: signIn.algorithm,
    logout: found.value.signOutPage({}) !== null,
    // What must be registered at the provider: one address for each port.
    redirect: `http://127.0.0.1:${signIn.ports[0]}${signIn.path}`,
    ports: signIn.ports.join(', '),
    path: signIn.path,
  })
}

/** OpenID Connect Discovery 3: the first list must be there; a provider without the second may still sign userinfo. */
function lackingAlgorithm({ algorithm, userinfo }: SignInSettings, offered: (name: string) => string[]) {
  const forTokens = offered('id_token_signing_alg_values_supported')
  if (!forTokens.includes(algorithm))
    return failed('refused', 'provider-algorithm', 'The provider does not sign its proofs in this way.', {
      wanted: algorithm,
      offered: forTokens.join(', ').slice(0, 200),
    })
  const forUserinfo = offered('userinfo_signing_alg_values_supported')
  if (userinfo === 'jwt' && forUserinfo.length > 0 && !forUserinfo.includes(algorithm))
    return failed('refused', 'provider-userinfo', 'The provider does not sign userinfo in this way.', {
      wanted: algorithm,
      offered: forUserinfo.join(', ').slice(0, 200),
    })
  return null
}

function namesIn(description: unknown, name: string): string[] {
  const list: unknown =
    typeof description === 'object' && description !== null ? Reflect.get(description, name) : null
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []
}

/** RFC 2606 keeps this domain from ever being anybody's. */
const nobody = { sub: '', email: 'nobody@console.invalid', claims: {} }

/**
 * A question about nobody, without any claim. DeployCenter checks the key before anything else (docs/entitlements.md
 * 2.3), so 401 is the key; and since `siret` is required, a good key is answered 400, which names what is missing
 * before an organisation is looked for: nothing is read of anybody, and no service is called back.
 */
async function testEntitlements(
  settings: EntitlementSettings,
  { key, wire, now, log }: Asking & { key: string | null },
): Promise<Result<Facts>> {
  if (settings.backend === 'local') return nothingToTest()
  const center = createDeployCenter({ settings, key: () => key, wire, now, log: log.info })
  const answer = await center.read(nobody)
  if (answer.kind !== 'unavailable') return ok({ service: settings.serviceId, asks: '' })
  const { trouble } = answer
  if (trouble.reason !== 'deploycenter-request') return { ok: false, failure: trouble }
  const asked = String(trouble.details.fields).split(', ')
  const missing = asked.filter((name) => !settings.claims.includes(name))
  if (missing.length === 0) return ok({ service: settings.serviceId, asks: asked.join(', ') })
  return { ok: false, failure: { ...trouble, details: { fields: missing.join(', ') } } }
}

/** The two flags, as they would be read; one that its address does not tell is off. */
async function testFlags({ flags: settings }: Draft, { wire, now, log }: Asking): Promise<Result<Facts>> {
  const { flags, failure } = await createFlags({ settings, wire, now, log: log.info }).read(true)
  return failure ? { ok: false, failure } : ok({ ...flags })
}

const nothingToTest = () => failed('not-possible', 'nothing-to-test', 'This profile names no such server.')
