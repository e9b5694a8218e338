import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { addAgentRoutes } from './agent-routes.ts'
import type { Agents } from './agents.ts'
import type { DeployCenter } from './deploycenter/index.ts'
import { type Behaviour, dialects, quirks } from './dialects.ts'
import { publish } from './dns/published.ts'
import { addDnsRoutes } from './dns-routes.ts'
import type { Domain } from './domain.ts'
import { fill } from './fill.ts'
import { heal } from './heal.ts'
import type { LoginCodes } from './login-codes.ts'
import type { Outbox } from './outbox.ts'
import { dnsRecord, known, rebuild } from './populate.ts'
import { isSame } from './same.ts'
import { codePath } from './webmail.ts'
import type { World } from './world.ts'

const megabyte = 1024 * 1024
const configuration = z.strictObject({
  dialect: z.enum(dialects),
  latencyMs: z.int().min(0).max(60_000),
  quirks: z.array(z.enum(quirks)),
})
const population = z.strictObject({ domains: z.array(known).max(100_000) })
const named = z.strictObject({ domain: z.string() })
const zoneEdit = z.strictObject({ domain: z.string(), records: z.array(dnsRecord).max(10_000) })

const filling = z.strictObject({
  domain: z.string(),
  count: z.int().min(0).max(100_000),
  odd: z.boolean().default(false),
})

type Deps = {
  world: World
  behaviour: Behaviour
  codes: LoginCodes
  outbox: Outbox
  agents: Agents
  deployCenter: DeployCenter
  key: string
  port: () => number
  reset: () => void
}

/**
 * The routes under `/_sandbox/`, for the console and for people: state, configure, reset, populate, zone, heal,
 * records, publish, mailboxes, outbox, follow, agents, entitle, deploycenter.
 * They need `Authorization: Bearer <key>` (401) and a loopback Host (403), against pages that rebind DNS.
 */
export function createControl(deps: Deps): Hono {
  const { world, behaviour, codes, outbox, key, port, reset } = deps
  const app = new Hono().basePath('/_sandbox')
  const state = () => ({
    dialect: behaviour.dialect,
    latencyMs: behaviour.latencyMs,
    quirks: [...behaviour.quirks],
    domains: world.size,
    deployCenter: deps.deployCenter.mode,
  })

  app.use(async (c, next) => {
    const hosts = [`127.0.0.1:${port()}`, `localhost:${port()}`]
    if (!hosts.includes(c.req.header('host') ?? '')) return c.json({ detail: 'Forbidden host' }, 403)
    const [scheme, given = ''] = (c.req.header('authorization') ?? '').split(' ', 2)
    if (scheme !== 'Bearer' || !isSame(given, key)) return c.json({ detail: 'Wrong key' }, 401)
    return next()
  })
  const tooLarge = () => Response.json({ detail: 'Body too large' }, { status: 413 })
  const limits = {
    small: bodyLimit({ maxSize: megabyte, onError: tooLarge }),
    large: bodyLimit({ maxSize: 64 * megabyte, onError: tooLarge }),
  }
  app.use((c, next) => (c.req.path === '/_sandbox/populate' ? limits.large : limits.small)(c, next))

  app.get('/state', (c) => c.json(state()))
  app.post('/configure', async (c) => {
    const input = configuration.parse(await c.req.json())
    behaviour.dialect = input.dialect
    behaviour.latencyMs = input.latencyMs
    behaviour.quirks = new Set(input.quirks)
    return c.json(state())
  })
  app.post('/reset', (c) => {
    reset()
    return c.json(state())
  })
  app.post('/populate', async (c) => {
    const { domains } = population.parse(await c.req.json())
    const rebuilt = rebuild(domains)
    world.load(rebuilt)
    for (const domain of rebuilt) firstCheck(world, domain)
    return c.json(state())
  })
  app.post('/zone', async (c) => {
    const { domain: name, records } = zoneEdit.parse(await c.req.json())
    const domain = world.domain(name)
    if (domain === undefined) return c.json({ detail: 'Domain not found' }, 404)
    publish(domain, { delegated: true, failure: null, records })
    return c.json(state())
  })

  app.post('/heal', async (c) => {
    const domain = world.domain(named.parse(await c.req.json()).domain)
    if (domain === undefined) return c.json({ detail: 'Domain not found' }, 404)
    heal(domain)
    return c.json(state())
  })
  app.post('/mailboxes', async (c) => {
    const { domain: name, count, odd } = filling.parse(await c.req.json())
    const domain = world.domain(name)
    if (domain === undefined) return c.json({ detail: 'Domain not found' }, 404)
    fill(domain, count, odd)
    return c.json(state())
  })
  app.get('/outbox', (c) => c.json({ messages: outbox.list() }))
  app.post('/follow', async (c) => {
    const message = outbox.find(z.strictObject({ id: z.int() }).parse(await c.req.json()).id)
    if (message === null) return c.json({ detail: 'Message not found' }, 404)
    return c.json(codes.follow(message.link?.split(codePath)[1] ?? ''))
  })

  addAgentRoutes(app, deps, state)
  addDnsRoutes(app, world)

  app.notFound((c) => c.json({ detail: 'Not Found' }, 404))
  app.onError((error, c) => {
    if (error instanceof z.ZodError) return c.json({ detail: z.prettifyError(error) }, 400)
    if (error instanceof SyntaxError) return c.json({ detail: 'The body is not JSON' }, 400)
    console.error(error)
    return c.json({ detail: 'Internal Server Error' }, 500)
  })
  return app
}

/** As if dimail had checked it before, unless it never has. */
function firstCheck(world: World, domain: Domain) {
  if (domain.zone.failure === null) world.check(domain, '0.6.7')
}
