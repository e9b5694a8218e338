import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import { choose } from './choice.ts'
import { createClients } from './clients.ts'
import { createProvider, sessionCookie } from './provider.ts'

const mount = '/openid'
const choicePath = /^\/openid\/interaction\/[\w-]+$/

export type OpenId = {
  /** Where it is, once the sandbox listens, and who may ask it. */
  told(): {
    issuer: string
    clientId: string
    /** The same client with a signed userinfo. */
    signedClientId: string
    /** A confidential one; its secret is made for this run, and goes in the body (`client_secret_post`). */
    confidential: { clientId: string; clientSecret: string }
  }
  /** Whether a path is the provider's. */
  owns(path: string | undefined): boolean
  serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void>
}

/**
 * A real OpenID provider under `/openid` of the sandbox's own server, made when it is first asked: the sandbox
 * listens no later for it. `port`: known once the server listens; `now`: milliseconds.
 */
export function createOpenId({ port, now }: { port: () => number; now: () => number }): OpenId {
  const clients = createClients()
  let made: Promise<Provider> | null = null
  const provider = () => {
    made ??= createProvider({ issuer: issuerAt(port()), clients: clients.all, now })
    return made
  }

  return {
    told: () => ({ issuer: issuerAt(port()), ...clients.told }),
    owns: (path = '') => path === mount || path.startsWith(`${mount}/`) || path.startsWith(`${mount}?`),
    async serve(incoming, outgoing) {
      // Against pages that rebind DNS: its cookies and its addresses are those of one host.
      if (incoming.headers.host !== `127.0.0.1:${port()}`) {
        outgoing.writeHead(403).end()
        return
      }
      const [path = '', query = ''] = (incoming.url ?? '').split('?', 2)
      if (choicePath.test(path)) return choose(await provider(), incoming, outgoing)
      if (path === `${mount}/auth` || path.startsWith(`${mount}/auth/`)) forgetSession(incoming)
      // What the library wants to be told of the path that it is mounted under.
      Object.assign(incoming, { originalUrl: incoming.url })
      incoming.url = (path.slice(mount.length) || '/') + (query === '' ? '' : `?${query}`)
      const answer = (await provider()).callback()
      await answer(incoming, outgoing)
    },
  }
}

const issuerAt = (port: number) => `http://127.0.0.1:${port}${mount}`

/**
 * Every sign-in begins anew, with the page where an account is chosen: an earlier one would be taken silently
 * otherwise, or stand in the way of another.
 */
function forgetSession(incoming: IncomingMessage): void {
  const cookies = incoming.headers.cookie?.split(/; */) ?? []
  const others = cookies.filter((cookie) => !cookie.startsWith(sessionCookie))
  incoming.headers.cookie = others.join('; ')
}
