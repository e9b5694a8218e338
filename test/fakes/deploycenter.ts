import { createDeployCenter, type DeployCenterSettings } from '../../main/entitlements/deploycenter.ts'
import type { Subject } from '../../main/entitlements/entitlements.ts'
import { createConnections } from '../../main/http/connection.ts'
import { createWire, type Wire } from '../../main/http/wire.ts'
import type { Facts } from '../../main/log.ts'
import { closing } from './dimail-client.ts'
import { type HttpServer, json, type Responding, type Seen, startHttpServer } from './http-server.ts'
import { plant } from './planted.ts'

export const serviceKey = 'cle-fictive-de-service'
plant('DeployCenter key', serviceKey)
/** Whose entitlements the tests read; their subject, address and SIRET are in no output. */
export const subject: Subject = {
  sub: 'sujet-canari-1234',
  email: 'odile.canari@mairie-fictive.example',
  claims: { siret: '21000000000017', other_claim: 'autre', ignored: 'ignorée' },
}

export type FakeDeployCenter = HttpServer & {
  /** The whole address of its endpoint. */
  endpoint: string
  /** What it answers to a proper request; or how it answers anything at all. */
  says: { body: unknown; respond: Responding | null }
  queries: () => URLSearchParams[]
}

/** A DeployCenter that checks what the real one does, in its order (docs/entitlements.md 2.3), then says what it is told. */
export async function startDeployCenter(): Promise<FakeDeployCenter> {
  const says: FakeDeployCenter['says'] = { body: listing('villeneuve-les-etangs.example'), respond: null }
  const server = closing(
    await startHttpServer((seen, response, before) => {
      if (says.respond) return says.respond(seen, response, before)
      const { status, body } = refusalOf(seen) ?? { status: 200, body: says.body }
      json(response, status, body)
    }),
  )
  const endpoint = `${server.address}/api/v1.0/entitlements/`
  const queries = () => server.requests.map(({ url }) => new URL(url, server.address).searchParams)
  return { ...server, endpoint, says, queries }
}

function refusalOf({ url, headers, method }: Seen): { status: number; body: unknown } | null {
  const { searchParams: query } = new URL(url, 'http://127.0.0.1')
  const service = query.get('service_id') ?? ''
  if (service !== '' && !/^\d+$/.test(service)) return { status: 500, body: '<h1>Server Error (500)</h1>' }
  if (headers['x-service-auth'] !== `Bearer ${serviceKey}` || service !== '42')
    return { status: 401, body: { detail: 'Informations d’authentification non fournies.' } }
  if (method !== 'GET' && method !== 'POST')
    return { status: 405, body: { detail: 'Méthode non autorisée.' } }
  const missing = ['siret', 'account_type'].filter((name) => (query.get(name) ?? '') === '')
  if (missing.length === 0) return null
  const body = Object.fromEntries(missing.map((name) => [name, ['Ce champ est obligatoire.']]))
  return { status: 400, body }
}

/** An active subscription of an administrator of these domains. */
export const listing = (...domains: unknown[]) => ({
  entitlements: { can_access: true, can_admin_maildomains: domains },
})

export const settingsOf = (
  address: string,
  more: Partial<DeployCenterSettings> = {},
): DeployCenterSettings => ({
  backend: 'deploycenter',
  address,
  serviceId: '42',
  claims: ['siret'],
  timeoutS: 10,
  freshS: 300,
  staleS: 86_400,
  organizationClaim: 'siret',
  ...more,
})

export function testWire(): Wire {
  return createWire(closing(createConnections(undefined)))
}

/** The backend for a DeployCenter, and every line it logs. */
export function backendFor(
  address: string,
  more: Partial<DeployCenterSettings> = {},
  key: string | null = serviceKey,
) {
  const lines: [string, Facts][] = []
  const clock = { now: 1_800_000_000_000 }
  const settings = settingsOf(address, more)
  const backend = createDeployCenter({
    settings,
    key: () => key,
    wire: testWire(),
    now: () => clock.now,
    log: (event, facts) => lines.push([event, facts]),
  })
  return { backend, settings, lines, clock }
}
