/** One request as it came, before anything was made of it. */
export type LoggedRequest = {
  method: string
  /** Raw, as on the wire: undecoded, with its query. */
  path: string
  /** Milliseconds since 1970. */
  at: number
  /** `Basic`, `Bearer` or whatever came first in the header; never the rest of it. */
  authorization: string | null
}

/** Which requests: by `METHOD /raw/path`, as that text or by an expression, or by a function. */
export type Match = string | RegExp | ((request: LoggedRequest) => boolean)

/**
 * What happens to a matching request in place of dimail's answer. `applied`: dimail also does what was asked.
 * `cut: 'before'` resets the connection and does nothing; `'after'` does it and resets; `'mid-body'` does it and
 * ends the connection in the middle of the answer. `delayMs` holds the request back, then goes on as usual.
 */
export type Misbehaviour =
  | {
      answer: { status: number; headers?: Record<string, string | string[]>; body?: Buffer | string }
      applied?: boolean
    }
  | { silent: true; applied?: boolean }
  | { cut: 'before' | 'after' | 'mid-body' }
  | { delayMs: number }

/** The misbehaviours that tests have ordered, each for a number of requests; first ordered, first used. */
export function createFaults() {
  let orders: { match: Match; behaviour: Misbehaviour; left: number }[] = []

  function take(request: LoggedRequest): Misbehaviour | null {
    const order = orders.find(({ match }) => matches(match, request))
    if (order === undefined) return null
    order.left -= 1
    if (order.left <= 0) orders = orders.filter((one) => one !== order)
    return order.behaviour
  }

  /** Orders a misbehaviour for the next `times` matching requests; returns how to take the order back. */
  function answerNext(match: Match, behaviour: Misbehaviour, times = 1): () => void {
    const order = { match, behaviour, left: times }
    orders.push(order)
    return () => {
      orders = orders.filter((one) => one !== order)
    }
  }
  return { take, answerNext }
}
export type Faults = ReturnType<typeof createFaults>

function matches(match: Match, request: LoggedRequest): boolean {
  if (typeof match === 'function') return match(request)
  const line = `${request.method} ${request.path}`
  return typeof match === 'string' ? line === match : match.test(line)
}
