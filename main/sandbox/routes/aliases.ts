import { z } from 'zod'
import type { Alias } from '../aliases.ts'
import { lenientBoolean } from '../bodies.ts'
import { permitted } from '../context.ts'
import { Crash, Refusal } from '../errors.ts'
import { type Call, type Route, route } from '../route.ts'

/** The aliases of the path's domain, which need not exist: only the right on it is looked at. */
function aliasesOf(call: Call): Alias[] {
  permitted(call)
  return call.world.aliases(call.param('domain'))
}

function told({ username, destination, allowToSend }: Alias, call: Call) {
  const base = { username, domain: call.param('domain'), destination }
  return call.behaviour.dialect === '2024' ? base : { ...base, allow_to_send: allowToSend }
}

const unreadable = (call: Call, alias: Alias) =>
  call.behaviour.dialect === '2024' && alias.username.includes('@')

/** docs/dimail.md 5: the request says `user_name`, the answer `username`. */
export const aliasRoutes: Route[] = [
  route({
    name: 'aliases.create',
    method: 'POST',
    path: '/domains/:domain/aliases/',
    auth: 'bearer',
    changes: true,
    body: z.object({
      user_name: z.string(),
      destination: z.string(),
      allow_to_send: lenientBoolean.optional(),
    }),
    handle(call, { user_name: username, destination, allow_to_send: allowToSend = false }) {
      const list = aliasesOf(call)
      if (list.some((alias) => alias.username === username && alias.destination === destination)) {
        throw new Refusal(409, 'Alias already exists')
      }
      const alias = { username, destination, allowToSend }
      list.push(alias)
      // 2024 writes the row before it trips over the address made of it.
      if (unreadable(call, alias)) throw new Crash('The user name contains @')
      return { status: call.behaviour.dialect === '2024' ? 200 : 201, json: told(alias, call) }
    },
  }),
  route({
    name: 'aliases.list',
    method: 'GET',
    path: '/domains/:domain/aliases/',
    auth: 'bearer',
    handle(call) {
      const list = aliasesOf(call)
      const username = call.query('user_name')
      const destination = call.query('destination')
      if (username === undefined && destination !== undefined) {
        throw new Refusal(412, 'It is forbiden to only provide the destination in a request')
      }
      const found = list.filter(
        (alias) =>
          (username === undefined || alias.username === username) &&
          (destination === undefined || alias.destination === destination),
      )
      if (destination !== undefined && found.length === 0) throw new Refusal(404, 'Alias not found')
      if (found.some((alias) => unreadable(call, alias))) throw new Crash('A user name contains @')
      return { status: 200, json: found.map((alias) => told(alias, call)) }
    },
  }),
  route({
    name: 'aliases.delete',
    method: 'DELETE',
    path: '/domains/:domain/aliases/:local/:destination',
    auth: 'bearer',
    changes: true,
    handle(call) {
      const list = aliasesOf(call)
      const destination = call.param('destination')
      const matches = (alias: Alias) =>
        alias.username === call.param('local') && (destination === 'all' || alias.destination === destination)
      const kept = list.filter((alias) => !matches(alias))
      if (kept.length === list.length) throw new Refusal(404, 'Not found')
      list.splice(0, list.length, ...kept)
      return { status: 204 }
    },
  }),
]
