import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { lenientBoolean } from '../bodies.ts'
import type { Dialect } from '../dialects.ts'
import { Crash, Refusal } from '../errors.ts'
import { adminOr, type Route, route } from '../route.ts'
import type { User } from '../world.ts'

function told(user: User, dialect: Dialect) {
  const base = { name: user.name, is_admin: user.isAdmin, uuid: user.uuid }
  return dialect === '2024' ? base : { ...base, perms: user.perms }
}

const manages = adminOr('manage_users')

/** docs/dimail.md 2.1 to 2.5. */
export const userRoutes: Route[] = [
  route({
    name: 'token',
    method: 'GET',
    path: '/token/',
    auth: 'basic',
    async handle({ user, query, behaviour, world, tokens }) {
      const wanted = query('username')
      const other = behaviour.dialect !== '2024' && wanted !== undefined && wanted !== user.name
      if (other && !user.isAdmin) throw new Refusal(403, 'Permission denied')
      if (other && !world.users.has(wanted)) throw new Refusal(404, 'User not found')
      const access_token = await tokens.issue(other ? wanted : user.name)
      return { status: 200, json: { access_token, token_type: 'bearer' } }
    },
  }),
  route({
    name: 'users.create',
    method: 'POST',
    path: '/users/',
    auth: 'basic',
    admits: adminOr('create_users'),
    changes: true,
    body: z.object({
      name: z.string(),
      password: z.string(),
      is_admin: lenientBoolean,
      perms: z.array(z.string()).optional(),
    }),
    handle({ world, behaviour: { dialect } }, body) {
      if (world.users.has(body.name)) throw new Refusal(409, 'User already exists')
      // The column of the 2024 schema holds 32 characters, less than a UUID.
      if (dialect === '2024' && body.name.length > 32) throw new Crash('Data too long for column name')
      const { name, password, is_admin: isAdmin, perms = [] } = body
      const user = { name, password, isAdmin, uuid: randomUUID(), perms: dialect === '2024' ? [] : perms }
      world.users.set(name, user)
      return { status: 201, json: told(user, dialect) }
    },
  }),
  route({
    name: 'users.list',
    method: 'GET',
    path: '/users/',
    auth: 'basic',
    admits: manages,
    handle: ({ world, behaviour }) => ({
      status: 200,
      json: [...world.users.values()].map((user) => told(user, behaviour.dialect)),
    }),
  }),
  route({
    name: 'users.get',
    method: 'GET',
    path: '/users/:user',
    auth: 'basic',
    admits: manages,
    handle({ world, param, behaviour }) {
      const user = world.users.get(param('user'))
      if (user === undefined) throw new Refusal(404, 'User not found')
      return { status: 200, json: told(user, behaviour.dialect) }
    },
  }),
  route({
    name: 'users.patch',
    method: 'PATCH',
    path: '/users/:user',
    auth: 'basic',
    admits: manages,
    changes: true,
    body: z.object({ password: z.string().nullish(), is_admin: lenientBoolean.nullish() }),
    handle({ world, param, behaviour }, body) {
      const user = world.users.get(param('user'))
      if (user === undefined) throw new Refusal(404, 'Not found')
      user.password = body.password ?? user.password
      user.isAdmin = body.is_admin ?? user.isAdmin
      return { status: 200, json: told(user, behaviour.dialect) }
    },
  }),
  route({
    name: 'users.delete',
    method: 'DELETE',
    path: '/users/:user',
    auth: 'basic',
    admits: manages,
    changes: true,
    handle({ world, param }) {
      const name = param('user')
      if (!world.users.delete(name)) throw new Refusal(404, 'Not found')
      world.disallow((allow) => allow.user === name)
      return { status: 204 }
    },
  }),
]
