/** A refusal that a handler of dimail raises: its status and the value of `detail`. */
export class Refusal extends Error {
  readonly status: number
  readonly detail: unknown
  readonly headers: Record<string, string>
  constructor(status: number, detail: unknown, headers: Record<string, string> = {}) {
    super(typeof detail === 'string' ? detail : JSON.stringify(detail))
    this.status = status
    this.detail = detail
    this.headers = headers
  }
}

/** An exception that dimail does not catch: the plain-text 500 of docs/dimail.md 1.2. */
export class Crash extends Error {}
