import { z } from 'zod'
import { lenientInteger } from '../bodies.ts'
import { mailboxOf, permittedDomain } from '../context.ts'
import { Refusal } from '../errors.ts'
import { address, givePassword } from '../mailboxes.ts'
import { type Call, type Route, route, since2025 } from '../route.ts'

/** Where an address is used: in this domain, or by an OX user of the same context. */
function whereUsed(call: Call) {
  const domain = permittedDomain(call)
  const local = call.param('local')
  const mailbox = domain.mailboxes.find((box) => box.local === local)
  const isAlias = domain.aliases.some((alias) => alias.username === local)
  const users = call.world.oxUsers(domain.contextName).filter((box) => box.local === local)
  const user = users.find((box) => box.domain === domain.name) ?? users[0]
  // The only text ever seen for "not known" is that of an unknown domain.
  if (mailbox === undefined && !isAlias && user === undefined) throw new Refusal(404, 'Domain not found')
  return {
    domain_name: domain.name,
    user_name: local,
    is_alias: isAlias,
    is_mailbox: mailbox !== undefined,
    is_ox: user !== undefined,
    ox_primary_email: user === undefined ? '' : address(user),
    ox_senders: user?.senders ?? [],
  }
}

/** docs/dimail.md 4.8 to 4.10. */
export const mailboxExtraRoutes: Route[] = [
  route({
    name: 'address',
    method: 'GET',
    path: '/domains/:domain/address/:local/',
    auth: 'bearer',
    dialects: since2025,
    handle: (call) => ({ status: 200, json: whereUsed(call) }),
  }),
  route({
    name: 'mailboxes.reset_password',
    method: 'POST',
    path: '/domains/:domain/mailboxes/:local/reset_password/',
    auth: 'bearer',
    dialects: since2025,
    changes: true,
    handle(call) {
      const box = mailboxOf(call, permittedDomain(call))
      return { status: 200, json: { email: address(box), password: givePassword(box) } }
    },
  }),
  route({
    name: 'mailboxes.code',
    method: 'POST',
    path: '/domains/:domain/mailboxes/:local/code',
    auth: 'bearer',
    dialects: since2025,
    changes: true,
    body: z.object({ expires_in: lenientInteger.optional(), maxuse: lenientInteger.optional() }).optional(),
    handle(call, body) {
      const { expires_in: lifetime = 3600, maxuse = 1 } = body ?? {}
      const box = mailboxOf(call, permittedDomain(call))
      const { email, code, expiresAt } = call.codes.issue(address(box), lifetime * 1000, maxuse)
      const json = {
        email,
        code,
        expires_at: Math.floor(expiresAt / 1000),
        // As seen: the second in which the answer was made has already begun.
        expires_in: lifetime - 1,
        maxuse,
        nbuse: 0,
      }
      return { status: call.behaviour.dialect === '0.6-late' ? 201 : 200, json }
    },
  }),
]
