import { z } from 'zod'
import { Refusal } from '../errors.ts'
import { admin, type Route, route } from '../route.ts'
import type { World } from '../world.ts'

function exist(world: World, user: string, domain: string) {
  if (!world.users.has(user)) throw new Refusal(404, 'User not found')
  if (world.domain(domain) === undefined) throw new Refusal(404, 'Domain not found')
}

/** docs/dimail.md 2.6. */
export const allowRoutes: Route[] = [
  route({
    name: 'allows.create',
    method: 'POST',
    path: '/allows/',
    auth: 'basic',
    admits: admin,
    changes: true,
    body: z.object({ user: z.string(), domain: z.string() }),
    handle({ world }, { user, domain }) {
      exist(world, user, domain)
      if (world.allows.some((allow) => allow.user === user && allow.domain === domain)) {
        throw new Refusal(409, 'Domain already allowed for this user')
      }
      world.allows.push({ user, domain })
      return { status: 201, json: { user, domain } }
    },
  }),
  route({
    name: 'allows.list',
    method: 'GET',
    path: '/allows/',
    auth: 'basic',
    admits: admin,
    handle({ world, query }) {
      const user = query('username')
      const domain = query('domain')
      const matches = world.allows.filter(
        (allow) =>
          (user === undefined || allow.user === user) && (domain === undefined || allow.domain === domain),
      )
      return { status: 200, json: matches }
    },
  }),
  route({
    name: 'allows.delete',
    method: 'DELETE',
    path: '/allows/:domain/:user',
    auth: 'basic',
    admits: admin,
    changes: true,
    handle({ world, param }) {
      const user = param('user')
      const domain = param('domain')
      exist(world, user, domain)
      const gone = world.disallow((allow) => allow.user === user && allow.domain === domain)
      if (gone === 0) throw new Refusal(404, 'Queried user does not have permissions for this domain.')
      return { status: 204 }
    },
  }),
]
