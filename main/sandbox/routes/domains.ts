import { z } from 'zod'
import { mayUse } from '../auth.ts'
import type { Dialect } from '../dialects.ts'
import { type Domain, features } from '../domain.ts'
import { domainAnswer } from '../domain-answer.ts'
import { Refusal } from '../errors.ts'
import { specification } from '../records.ts'
import { admin, adminOr, type Call, type Route, route, since2025 } from '../route.ts'
import type { User, World } from '../world.ts'
import { UncaughtDnsError } from '../zone.ts'

/** The domain of the path, looked up before the right on it: 401 here, where other routes say 403. */
function named({ world, param, user }: Call): Domain {
  const domain = world.domain(param('domain'))
  if (domain === undefined) throw new Refusal(404, 'Domain not found')
  if (!mayUse(user, domain.name, world)) throw new Refusal(401, 'Not authorized.')
  return domain
}

/** In 2024 only an admin; since then any user, whose right on the domain is then looked at. */
const anyUserSince2025 = (user: User, dialect: Dialect) => user.isAdmin || dialect !== '2024'

const hosts = z.array(z.string()).nullish()
const creation = z.object({
  name: z.string(),
  context_name: z.string().nullable(),
  features: z.array(z.enum(features)),
  delivery: z.string().optional(),
  mailbox_domain: z.string().nullish(),
  webmail_domain: z.string().nullish(),
  imap_domains: hosts,
  smtp_domains: hosts,
})

function create(world: World, body: z.output<typeof creation>): Domain {
  const hasWebmail = body.features.includes('webmail')
  if (hasWebmail && body.context_name === null) {
    throw new Refusal(409, 'OX context name is mandatory for mailbox feature')
  }
  if (world.domain(body.name) !== undefined) throw new Refusal(409, 'Domain already exists')
  const mapped = world.mappings.get(body.name)
  if (hasWebmail && mapped !== undefined && mapped !== body.context_name) {
    throw new Refusal(409, `The domain is currently mapped to OX context ${mapped}`)
  }
  const domain = world.add(body.name, body.context_name)
  domain.features = body.features
  domain.delivery = body.delivery ?? 'virtual'
  domain.mailboxDomain = body.mailbox_domain ?? null
  domain.webmailDomain = body.webmail_domain ?? null
  domain.imapDomains = body.imap_domains ?? null
  domain.smtpDomains = body.smtp_domains ?? null
  return domain
}

function checkLater(world: World, domain: Domain, dialect: Dialect) {
  setImmediate(() => {
    try {
      world.check(domain, dialect)
    } catch (error) {
      // The background task of dimail dies alone: the domain stays `new`.
      if (!(error instanceof UncaughtDnsError)) throw error
    }
  })
}

/** docs/dimail.md 3. */
export const domainRoutes: Route[] = [
  route({
    name: 'domains.create',
    method: 'POST',
    path: '/domains/',
    auth: 'basic',
    admits: adminOr('new_domain'),
    changes: true,
    body: creation,
    handle({ world, user, query, behaviour: { dialect } }, body) {
      const domain = create(world, body)
      // Nobody posts an allow for La Régie's account, so the creator must get the right by creating.
      if (!user.isAdmin) world.allows.push({ user: user.name, domain: domain.name })
      if ((query('no_check') ?? 'false') === 'false') checkLater(world, domain, dialect)
      return { status: 201, json: domainAnswer(domain, dialect, true) }
    },
  }),
  route({
    name: 'domains.list',
    method: 'GET',
    path: '/domains/',
    auth: 'basic',
    admits: admin,
    handle: ({ world, behaviour: { dialect } }) => ({
      status: 200,
      json: world.names().flatMap((name) => {
        const domain = world.domain(name)
        return domain === undefined ? [] : [domainAnswer(domain, dialect)]
      }),
    }),
  }),
  route({
    name: 'domains.get',
    method: 'GET',
    path: '/domains/:domain',
    auth: 'bearer',
    handle: (call) => ({ status: 200, json: domainAnswer(named(call), call.behaviour.dialect) }),
  }),
  route({
    name: 'domains.check',
    method: 'GET',
    path: '/domains/:domain/check',
    auth: 'basic',
    admits: anyUserSince2025,
    handle(call) {
      const { dialect } = call.behaviour
      const domain = named(call)
      call.world.check(domain, dialect)
      return { status: 200, json: domainAnswer(domain, dialect) }
    },
  }),
  route({
    name: 'domains.fix',
    method: 'GET',
    path: '/domains/:domain/fix/',
    auth: 'basic',
    dialects: since2025,
    changes: true,
    handle(call) {
      const { dialect } = call.behaviour
      const domain = named(call)
      call.world.fix(domain, dialect)
      return { status: 200, json: domainAnswer(domain, dialect) }
    },
  }),
  route({
    name: 'domains.spec',
    method: 'GET',
    path: '/domains/:domain/spec/',
    auth: 'basic',
    dialects: since2025,
    handle: (call) => ({ status: 200, json: specification(named(call).wanted, call.behaviour.dialect) }),
  }),
]
