import { randomBytes } from 'node:crypto'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Agents } from '../agents.ts'
import { html, notAllowed } from '../django.ts'
import type { LoggedRequest } from '../faults.ts'
import type { Wire } from '../listener.ts'
import { createRequestLog } from '../request-log.ts'
import { isSame } from '../same.ts'
import { answerTo, organizationOf, type Version } from './answers.ts'
import { type Mode, misbehave, unauthorized } from './modes.ts'
import { readQuestion } from './question.ts'
import { createStorage, pushedBody } from './storage.ts'

const deployCenterPath = '/deploycenter/api/v1.0/entitlements/'

export type DeployCenter = {
  /** The whole address of its endpoint, once the sandbox listens. */
  readonly address: string
  /** The only service that it knows, with the key made for this run. */
  serviceId: string
  key: string
  mode: Mode
  version: Version
  /** Every request received, oldest first, without its query. */
  requests: readonly LoggedRequest[]
  /** Whether a path is its. */
  owns(path: string | undefined): boolean
  answer(request: Request, wire: Wire): Response | Promise<Response>
  reset(): void
}

type Deps = { agents: Agents; version: Version; now: () => number; port: () => number }

/** DeployCenter as its clients see it: the entitlements of docs/entitlements.md 2, with the checks in its order. */
export function createDeployCenter(deps: Deps): DeployCenter {
  const storage = createStorage()
  const { requests, record } = createRequestLog(deps.now)
  // The console's Sandbox profile names it: it is the example of Messages' documentation (docs/entitlements.md 1).
  const serviceId = '42'
  const key = randomBytes(24).toString('base64url')

  async function serve(request: Request): Promise<Response> {
    const { searchParams: query } = new URL(request.url)
    // Its first authenticator took such a token for one of the identity provider, and asked there.
    const isToken = /^bearer /i.test(request.headers.get('authorization') ?? '')
    if (center.version === '2026' && isToken) return unauthorized('Jeton invalide.')
    const refusal = refuse(request.headers, query.get('service_id'), serviceId, key)
    if (refusal !== null) return refusal
    const allowed = center.version === 'new' ? ['GET', 'POST'] : ['GET']
    if (!allowed.includes(request.method)) return notAllowed(request.method, allowed)
    const read = readQuestion(query)
    if ('errors' in read) return Response.json(read.errors, { status: 400 })
    const found = organizationOf(read.question.siret)
    const stores = found !== undefined && deps.agents.of(found).subscription === 'active'
    const wrong = request.method === 'POST' ? await push(request, stores) : null
    return wrong ?? Response.json(answerTo(read.question, { ...deps, storage, version: center.version }))
  }

  /** Nothing is kept for an inactive subscription. Answers the refusal of a body, or null. */
  async function push(request: Request, stores: boolean): Promise<Response | null> {
    const text = await request.text()
    const body = pushedBody.safeParse(parsed(text === '' ? '{}' : text))
    if (!body.success) return Response.json({ usage_metrics: ['Format invalide.'] }, { status: 400 })
    if (stores) storage.push(body.data, (siret) => organizationOf(siret) !== undefined)
    return null
  }

  const center: DeployCenter = {
    get address() {
      return `http://127.0.0.1:${deps.port()}${deployCenterPath}`
    },
    serviceId,
    key,
    mode: 'normal',
    version: deps.version,
    requests,
    owns: (path = '') => path.startsWith('/deploycenter/'),
    answer(request, { incoming }) {
      const { method, url = '', headers } = incoming
      const [path = '', query] = url.split('?', 2)
      record({ method, url: path, headers })
      if (center.mode === 'down') {
        incoming.socket.resetAndDestroy()
        return RESPONSE_ALREADY_SENT
      }
      if (center.mode !== 'normal') return misbehave(center.mode)
      if (`${path}/` === deployCenterPath) {
        const location = deployCenterPath + (query === undefined ? '' : `?${query}`)
        return new Response(null, { status: 301, headers: { location } })
      }
      return path === deployCenterPath ? serve(request) : html(404, 'Not Found')
    },
    reset() {
      center.mode = 'normal'
      storage.clear()
    },
  }
  return center
}

/** Who asks: the scheme and the case of `Bearer` are exact, and the service is looked up before its key. */
function refuse(headers: Headers, id: string | null, serviceId: string, key: string): Response | null {
  const [scheme, given, ...more] = headers.get('x-service-auth')?.split(' ') ?? []
  if (scheme !== 'Bearer' || !given || more.length > 0 || id === null || id === '') return unauthorized()
  if (!/^[+-]?\d+$/.test(id)) return html(500, 'Server Error (500)')
  if (id !== serviceId) return unauthorized()
  if ([...given].some((character) => character > '\u007f')) return html(500, 'Server Error (500)')
  return isSame(given, key) ? null : unauthorized()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
