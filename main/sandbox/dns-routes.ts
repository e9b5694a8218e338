import type { Hono } from 'hono'
import { z } from 'zod'
import { edit, publishEdit, zoneToEdit } from './dns/editing.ts'
import type { World } from './world.ts'

const named = z.strictObject({ domain: z.string() })

/** The control routes of who holds a domain's DNS: what is published, and publishing something else. */
export function addDnsRoutes(app: Hono, world: World): void {
  // DNS has no case, whatever dimail has.
  const find = (name: string) => world.domain(name) ?? world.hosted(name.toLowerCase())
  app.post('/records', async (c) => {
    const domain = find(named.parse(await c.req.json()).domain)
    return domain === undefined ? c.json({ detail: 'Domain not found' }, 404) : c.json(zoneToEdit(domain))
  })
  app.post('/publish', async (c) => {
    const wanted = edit.parse(await c.req.json())
    const domain = find(wanted.domain)
    if (domain === undefined) return c.json({ detail: 'Domain not found' }, 404)
    const refused = publishEdit(domain, wanted)
    return c.json(refused === null ? zoneToEdit(domain) : { refused })
  })
}
