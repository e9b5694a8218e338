import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { validate } from '../bodies.ts'
import {
  conflict,
  hasWebmail,
  listed,
  mailboxOf,
  permitted,
  permittedDomain,
  refuseDuplicate,
} from '../context.ts'
import type { Domain } from '../domain.ts'
import { Crash, Refusal } from '../errors.ts'
import { mailboxAnswer } from '../mailbox-answer.ts'
import { change } from '../mailbox-change.ts'
import { address, createMailbox, givePassword, type Mailbox } from '../mailboxes.ts'
import { type Call, type Route, route } from '../route.ts'

const one = '/domains/:domain/mailboxes/:local'
const activity = z.object({ active: z.enum(['yes', 'no']).nullish() })

function create(
  call: Call,
  domain: Domain,
  names: { givenName: string; surName: string; displayName: string },
): Mailbox {
  const local = call.param('local')
  const ox = hasWebmail(domain) ? names : null
  const known = domain.mailboxes.find((box) => box.local === local)
  if (known?.ox) throw conflict(call, 'Mailbox already exists')
  if (ox !== null) refuseDuplicate(call, domain, ox.displayName)
  if (known === undefined) {
    const created = createMailbox(local, domain.name, ox)
    domain.mailboxes.push(created)
    return created
  }
  // OX comes first and is not rolled back when Dovecot then refuses (docs/dimail.md 4.5).
  known.ox = ox
  throw conflict(call, 'Mailbox already exists')
}

function withMailboxes(domain: Domain): Domain {
  if (domain.features.includes('mailbox')) return domain
  throw new Refusal(422, "Feature 'mailbox' not available on the domain")
}

/** docs/dimail.md 4.2, 4.4 to 4.7. */
export const mailboxRoutes: Route[] = [
  route({
    name: 'mailboxes.list',
    method: 'GET',
    path: '/domains/:domain/mailboxes/',
    auth: 'bearer',
    handle(call) {
      const domain = permittedDomain(call)
      const { dialect } = call.behaviour
      return {
        status: 200,
        json: listed(call, domain).map((box) => mailboxAnswer(box, hasWebmail(domain), dialect)),
      }
    },
  }),
  route({
    name: 'mailboxes.get',
    method: 'GET',
    path: one,
    auth: 'bearer',
    handle(call) {
      const domain = permittedDomain(call)
      const box = mailboxOf(call, domain)
      return { status: 200, json: mailboxAnswer(box, hasWebmail(domain), call.behaviour.dialect) }
    },
  }),
  route({
    name: 'mailboxes.create',
    method: 'POST',
    path: one,
    auth: 'bearer',
    changes: true,
    body: z.object({ givenName: z.string(), surName: z.string(), displayName: z.string() }),
    handle(call, body) {
      const domain = permitted(call, 'Permisison denied')
      if (domain === undefined) throw new Crash('No such domain')
      const old = call.behaviour.dialect === '2024'
      const displayName = old ? `${body.givenName} ${body.surName}` : body.displayName
      const box = create(call, domain, { ...body, displayName })
      const answer = { email: address(box), password: givePassword(box) }
      return { status: 201, json: old ? { ...answer, uuid: randomUUID() } : answer }
    },
  }),
  route({
    name: 'mailboxes.patch',
    method: 'PATCH',
    path: one,
    auth: 'bearer',
    changes: true,
    body: z.object({
      givenName: z.string().nullish(),
      surName: z.string().nullish(),
      displayName: z.string().nullish(),
      active: z.unknown().optional(),
      domain: z.string().nullish(),
      user_name: z.string().nullish(),
    }),
    handle(call, body) {
      const domain = withMailboxes(permittedDomain(call))
      if (typeof body.domain === 'string' && call.world.domain(body.domain) === undefined) {
        throw new Refusal(404, 'Target domain not found')
      }
      if (typeof body.domain === 'string' || typeof body.user_name === 'string') {
        throw new Refusal(422, 'Not yet implemented')
      }
      const box = mailboxOf(call, domain)
      const { dialect } = call.behaviour
      // To the 2024 server it is an unknown field: ignored, whatever it holds.
      const active = dialect === '2024' ? null : validate(activity, { active: body.active }).active
      change(call, domain, box, { names: body, active })
      return { status: 200, json: mailboxAnswer(box, hasWebmail(domain), dialect) }
    },
  }),
  route({
    name: 'mailboxes.delete',
    method: 'DELETE',
    path: one,
    auth: 'bearer',
    changes: true,
    handle(call) {
      const domain = withMailboxes(permittedDomain(call))
      const index = domain.mailboxes.findIndex((box) => box.local === call.param('local'))
      if (index < 0) throw new Refusal(404, 'Mailbox not found')
      domain.mailboxes.splice(index, 1)
      return { status: 204 }
    },
  }),
]
