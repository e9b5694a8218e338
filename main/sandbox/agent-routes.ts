import type { Hono } from 'hono'
import { z } from 'zod'
import { subscriptions } from './accounts.ts'
import type { Agents } from './agents.ts'
import type { DeployCenter } from './deploycenter/index.ts'
import { modes } from './deploycenter/modes.ts'

const entitlement = z.strictObject({
  id: z.string(),
  domains: z.array(z.string().max(253)).max(1000),
  subscription: z.enum(subscriptions),
})
const moded = z.strictObject({ mode: z.enum(modes) })

/** The control routes of who signs in and of what DeployCenter says: agents, entitle, deploycenter. */
export function addAgentRoutes(
  app: Hono,
  { agents, deployCenter }: { agents: Agents; deployCenter: DeployCenter },
  state: () => object,
): void {
  app.get('/agents', (c) => c.json({ agents: agents.list() }))
  app.post('/entitle', async (c) => {
    const { id, ...entitled } = entitlement.parse(await c.req.json())
    if (!agents.entitle(id, entitled)) return c.json({ detail: 'Account not found' }, 404)
    return c.json({ agents: agents.list() })
  })
  app.post('/deploycenter', async (c) => {
    deployCenter.mode = moded.parse(await c.req.json()).mode
    return c.json(state())
  })
}
