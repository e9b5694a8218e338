import { createAgents } from './agents.ts'
import { allFlags, configuration, configurationPath } from './configuration.ts'
import type { Version } from './deploycenter/answers.ts'
import { createDeployCenter } from './deploycenter/index.ts'
import type { Wire } from './listener.ts'
import { createOpenId } from './openid/index.ts'

/**
 * The servers that work with dimail, on its port: an OpenID provider, DeployCenter, and the public configuration
 * with the flags. Neither the faults nor the latency of dimail touch them.
 */
export function createNeighbours(deps: { now: () => number; port: () => number; version: Version }) {
  const agents = createAgents()
  const flags = { ...allFlags }
  const openid = createOpenId(deps)
  const deployCenter = createDeployCenter({ ...deps, agents })

  return {
    agents,
    flags,
    openid,
    deployCenter,
    configuration: () => `http://127.0.0.1:${deps.port()}${configurationPath}`,
    /** The answer to a request for one of them; null when it is not for them. The provider has a way of its own. */
    answer(request: Request, wire: Wire): Response | Promise<Response> | null {
      const path = wire.incoming.url?.split('?', 1)[0]
      if (deployCenter.owns(path)) return deployCenter.answer(request, wire)
      return path === configurationPath ? configuration(flags, request.method) : null
    },
    reset() {
      agents.reset()
      deployCenter.reset()
      Object.assign(flags, allFlags)
    },
  }
}
export type Neighbours = ReturnType<typeof createNeighbours>
