import { z } from 'zod'
import { validate } from '../bodies.ts'
import { listedV2, mailboxOf, permittedDomain } from '../context.ts'
import { mailboxAnswerV2 } from '../mailbox-answer.ts'
import { change } from '../mailbox-change.ts'
import { type Route, route, since2025 } from '../route.ts'

const choice = z.enum(['yes', 'no']).nullish()
const text = z.string().nullish()

/** docs/dimail.md 4.3 and 4.6: the field that says whether a mailbox is active was renamed in 2026-07. */
export const mailboxRoutesV2: Route[] = [
  route({
    name: 'v2.mailboxes.list',
    method: 'GET',
    path: '/v2/domains/:domain/mailboxes/',
    auth: 'bearer',
    dialects: since2025,
    handle(call) {
      const domain = permittedDomain(call)
      const { dialect } = call.behaviour
      return { status: 200, json: listedV2(call, domain).map((box) => mailboxAnswerV2(box, dialect)) }
    },
  }),
  route({
    name: 'v2.mailboxes.patch',
    method: 'PATCH',
    path: '/v2/domains/:domain/mailboxes/:local',
    auth: 'bearer',
    dialects: since2025,
    changes: true,
    body: z.object({
      active: z.unknown().optional(),
      imap_active: z.unknown().optional(),
      extras: z
        .object({ ox: z.object({ given_name: text, sur_name: text, display_name: text }).nullish() })
        .nullish(),
    }),
    handle(call, body) {
      const domain = permittedDomain(call)
      const box = mailboxOf(call, domain)
      const { dialect } = call.behaviour
      const active =
        dialect === '0.6-late'
          ? validate(z.object({ imap_active: choice }), { imap_active: body.imap_active }).imap_active
          : validate(z.object({ active: choice }), { active: body.active }).active
      const ox = body.extras?.ox
      const names = { givenName: ox?.given_name, surName: ox?.sur_name, displayName: ox?.display_name }
      change(call, domain, box, { names, active })
      return { status: 200, json: mailboxAnswerV2(box, dialect) }
    },
  }),
]
