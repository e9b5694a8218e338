import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Exchange } from './app.ts'
import type { Behaviour } from './dialects.ts'
import type { LoggedRequest, Misbehaviour } from './faults.ts'

export type Wire = { incoming: IncomingMessage; outgoing: ServerResponse }

type Deps = {
  behaviour: Behaviour
  record(incoming: IncomingMessage): LoggedRequest
  take(request: LoggedRequest): Misbehaviour | null
  answer(request: Request, exchange: Exchange): Response | Promise<Response>
}

/** Answers one dimail request as dimail does, or as a test or a quirk wants it spoilt. */
export function createListener({ behaviour, record, take, answer }: Deps) {
  return async (request: Request, wire: Wire): Promise<Response> => {
    const spoilt = take(record(wire.incoming))
    if (spoilt === null) return asUsual(request, wire)
    if ('delayMs' in spoilt) {
      // Not `ref`: a closed sandbox must not wait for it.
      await delay(spoilt.delayMs, undefined, { ref: false })
      return asUsual(request, wire)
    }
    if ('cut' in spoilt) {
      const answered = spoilt.cut === 'before' ? null : await answer(request, { changed: false })
      if (spoilt.cut === 'mid-body' && answered !== null) return sendHalf(answered, wire)
      return reset(wire)
    }
    if (spoilt.applied) await answer(request, { changed: false })
    if ('silent' in spoilt) return new Promise(() => {})
    const { status, headers = {}, body = '' } = spoilt.answer
    wire.outgoing.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body)
    return RESPONSE_ALREADY_SENT
  }

  async function asUsual(request: Request, wire: Wire): Promise<Response> {
    const exchange = { changed: false }
    const response = await answer(request, exchange)
    return exchange.changed && behaviour.quirks.has('lose-answers') ? reset(wire) : response
  }
}

function reset({ incoming }: Wire): Response {
  incoming.socket.resetAndDestroy()
  return RESPONSE_ALREADY_SENT
}

async function sendHalf(response: Response, { incoming, outgoing }: Wire): Promise<Response> {
  const body = Buffer.from(await response.arrayBuffer())
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'content-length': body.length,
  })
  // Ended, not reset: a reset may overtake the bytes already sent.
  outgoing.write(body.subarray(0, Math.ceil(body.length / 2)), () => incoming.socket.end())
  return RESPONSE_ALREADY_SENT
}
