import http from 'node:http'
import https from 'node:https'
import tls from 'node:tls'

type Handler = (response: http.IncomingMessage) => void
export type Connections = {
  /** The agent for a call to `url`: those that act never reuse a connection that the server may be closing. */
  agents(url: string, reuse: boolean): { httpsAgent: https.Agent } | { httpAgent: http.Agent }
  close(): void
}

/**
 * Connections to one dimail, kept open between calls. Certificates are checked against the system's
 * authorities, and `authority` (PEM) when the profile names a private one; there is no way to go on anyway.
 */
export function createConnections(authority: string | undefined): Connections {
  const kept = new http.Agent({ keepAlive: true })
  const single = new http.Agent({ keepAlive: false })
  let secure: { kept: https.Agent; single: https.Agent } | null = null

  // Reading the system's store takes a tenth of a second: not before it is needed, and once.
  function securely(): { kept: https.Agent; single: https.Agent } {
    if (secure) return secure
    const system = tls.getCACertificates('system')
    const ca = [...(system.length > 0 ? system : tls.getCACertificates('default'))]
    if (authority !== undefined) ca.push(authority)
    const secureContext = tls.createSecureContext({ ca, minVersion: 'TLSv1.2' })
    // Said aloud, since NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise turn it off.
    const options = { secureContext, rejectUnauthorized: true }
    secure = {
      kept: new https.Agent({ ...options, keepAlive: true }),
      single: new https.Agent({ ...options, keepAlive: false }),
    }
    return secure
  }

  return {
    agents(url, reuse) {
      if (!url.startsWith('https:')) return { httpAgent: reuse ? kept : single }
      return { httpsAgent: reuse ? securely().kept : securely().single }
    },
    close() {
      for (const agent of [kept, single, secure?.kept, secure?.single]) agent?.destroy()
    },
  }
}

/** The `transport` of one axios request: node's own, which also tells when the connection is ready. */
export function watchedTransport(connected: () => void) {
  return {
    request(options: https.RequestOptions, handle: Handler): http.ClientRequest {
      const secure = options.protocol === 'https:'
      const request = (secure ? https : http).request({ ...options, maxHeaderSize: 16_384 }, handle)
      request.once('socket', (socket) => {
        // A kept connection is ready at once.
        if (request.reusedSocket) connected()
        else socket.once(secure ? 'secureConnect' : 'connect', connected)
      })
      return request
    },
  }
}
