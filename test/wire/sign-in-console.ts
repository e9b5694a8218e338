import { randomBytes } from 'node:crypto'
import http from 'node:http'
import { createServer } from 'node:net'
import type { Facts } from '../../main/log.ts'
import { createSignIn, type SignInDeps } from '../../main/session/sign-in.ts'
import type { SignIn } from '../../main/session/sign-in-types.ts'
import { unwrap } from '../../preload/failure.ts'
import type { SignInSettings } from '../../preload/profile-shapes.ts'
import { type OpenId, startOpenId } from '../fakes/openid.ts'
import { portOf } from '../fakes/tcp-server.ts'

export type Browser = (page: string, op: OpenId) => URL | null | Promise<URL | null>

/** What a console at a provider is made of, unless a test says otherwise. */
export type Setting = {
  settings?: Partial<SignInSettings>
  secret?: string | null
  deps?: Partial<SignInDeps>
}

export type Bench = {
  op: OpenId
  signIn: SignIn
  settings: SignInSettings
  /** The pages that were opened in the browser. */
  pages: URL[]
  /** What the vault holds, and every text it ever held. */
  vault: { text: string | null; texts: (string | null)[] }
  lines: string[]
  skews: number[]
  clock: { ms: number }
  /** Where the agent's browser goes when a page is opened; by default it approves and comes back. */
  browse(browser: Browser): void
  /** Another run of the console, with the same vault. */
  again(): SignIn
  close(): Promise<void>
}

/** A console at a hostile provider, its browser played by the test. */
export async function openBench(setting: Setting = {}, given?: OpenId): Promise<Bench> {
  const op = given ?? (await startOpenId(setting.settings?.algorithm))
  const pages: URL[] = []
  const vault: Bench['vault'] = { text: null, texts: [] }
  const lines: string[] = []
  const skews: number[] = []
  const clock = { ms: Date.now() }
  let browser: Browser = (page) => (new URL(page).pathname === '/authorize' ? op.approve(page) : null)
  const line = (event: string, facts: Facts = {}) => void lines.push(JSON.stringify({ event, ...facts }))
  const settings: SignInSettings = {
    issuer: op.issuer,
    clientId: 'dimail-console',
    client: 'public',
    pkce: true,
    ports: [0],
    path: '/callback',
    scopes: 'openid given_name usual_name email siret',
    algorithm: 'ES256',
    userinfo: 'json',
    acr: [],
    acrRequest: 'none',
    ...setting.settings,
  }
  const deps: SignInDeps = {
    settings,
    secret: () => setting.secret ?? null,
    kept: {
      read: () => vault.text,
      write: (text) => {
        vault.text = text
        vault.texts.push(text)
      },
    },
    openPage: async (url) => {
      pages.push(new URL(url))
      const back = await browser(url, op)
      // As a browser does: the console waits for the callback, not for the page.
      if (back !== null) void visit(back)
      return true
    },
    allowHttp: true,
    now: () => clock.ms,
    locale: () => 'fr',
    log: { info: line, warn: line },
    skewed: (skewS) => skews.push(skewS),
    ...setting.deps,
  }
  const runs: SignIn[] = []
  const run = () => {
    const signIn = createSignIn(deps)
    runs.push(signIn)
    return signIn
  }
  return {
    op,
    signIn: run(),
    settings,
    pages,
    vault,
    lines,
    skews,
    clock,
    browse: (next) => {
      browser = next
    },
    again: run,
    async close() {
      for (const signIn of runs) signIn.close()
      if (given === undefined) await op.close()
    },
  }
}

/** A console whose agent has signed in, more than a minute ago and with an access token that is over. */
export async function openSignedIn(setting: Setting = {}): Promise<Bench> {
  const bench = await openBench(setting)
  unwrap(await bench.signIn.start())
  bench.clock.ms += 61_000
  return bench
}

export const canary = () => `canari-${randomBytes(12).toString('hex')}`

/** Opens an address as the browser does, where Node's own fetch would say that a script asks. */
export const visit = (address: URL): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const asking = http.get(address, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() })
      })
    })
    asking.on('error', reject)
  })

/** A port that nothing holds. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = portOf(server.address())
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The kind of a failure, or `ok`. */
export const kindOf = (result: { ok: true } | { ok: false; failure: { code: string; reason: string } }) =>
  result.ok ? 'ok' : `${result.failure.code}/${result.failure.reason}`
