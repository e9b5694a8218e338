import { failed, type Result } from '../../preload/failure.ts'
import type { ExpectedRecord } from '../../preload/shapes.ts'
import type { Caller } from './caller.ts'
import { normaliseDomain } from './names.ts'
import { pathOf, type Request } from './requests.ts'
import { readRows } from './rows.ts'
import { type DomainAnswer, domainAnswer, read, specAnswer } from './schemas.ts'

export type DomainCalls = {
  /** Every domain; `rejected` counts the rows that are not domains, or that repeat one. */
  listDomains(signal?: AbortSignal): Promise<Result<{ domains: DomainAnswer[]; rejected: number }>>
  /** What dimail remembers of a domain, without a new check (docs/dimail.md 3.4). */
  readDomain(name: string, signal?: AbortSignal): Promise<Result<DomainAnswer>>
  /** Runs all checks and stores their result at dimail (docs/dimail.md 3.5). */
  checkDomain(name: string, signal?: AbortSignal): Promise<Result<DomainAnswer>>
  /** Repairs the internal checks: on the wire exactly once, whatever happens (docs/dimail.md 3.6). */
  fixDomain(name: string, signal?: AbortSignal): Promise<Result<DomainAnswer>>
  /** The DNS records to publish (docs/dimail.md 3.7). */
  spec(name: string, signal?: AbortSignal): Promise<Result<ExpectedRecord[]>>
  createDomain(domain: NewDomain, signal?: AbortSignal): Promise<Result<DomainAnswer>>
}

/** `contextName` is needed with the feature `webmail` (docs/dimail.md 3.2). */
export type NewDomain = {
  name: string
  contextName: string | null
  features: string[]
  delivery: string
}

const domainCall = { method: 'GET', subject: 'domain', pace: 'ordinary', rule: 'read' } as const

/** The calls about domains. */
export function createDomains({ call }: Caller): DomainCalls {
  const about = (name: string, signal: AbortSignal | undefined, request: Omit<Request, 'path'>) =>
    call({ ...request, path: pathOf(request.route, { domain: name }) }, sameDomain(name), signal)

  return {
    async listDomains(signal) {
      const request = { ...domainCall, route: '/domains/', path: '/domains/', auth: 'basic' } as const
      return call({ ...request, pace: 'slow' }, { rows: domainRows }, signal)
    },
    async readDomain(text, signal) {
      const name = normaliseDomain(text)
      if (!name.ok) return name
      return about(name.value, signal, { ...domainCall, route: '/domains/{domain}', auth: 'bearer' })
    },
    async checkDomain(text, signal) {
      const name = normaliseDomain(text)
      if (!name.ok) return name
      const request = { ...domainCall, route: '/domains/{domain}/check', auth: 'basic' } as const
      return about(name.value, signal, { ...request, pace: 'slow', lane: name.value })
    },
    async fixDomain(text, signal) {
      const name = normaliseDomain(text)
      if (!name.ok) return name
      const request = { ...domainCall, route: '/domains/{domain}/fix/', auth: 'basic' } as const
      return about(name.value, signal, { ...request, rule: 'fix', pace: 'slow', lane: name.value })
    },
    async spec(text, signal) {
      const name = normaliseDomain(text)
      if (!name.ok) return name
      const route = '/domains/{domain}/spec/'
      const path = pathOf(route, { domain: name.value })
      const parse = (value: unknown) => read(specAnswer, value)
      return call({ ...domainCall, route, path, auth: 'basic' }, { parse }, signal)
    },
    async createDomain(domain, signal) {
      const name = normaliseDomain(domain.name)
      if (!name.ok) return name
      const { contextName: context_name, features, delivery } = domain
      const body = { name: name.value, context_name, features, delivery }
      const request = { method: 'POST', route: '/domains/', path: '/domains/', auth: 'basic' } as const
      return call(
        { ...request, rule: 'create', pace: 'slow', subject: 'domain', body },
        sameDomain(name.value),
        signal,
      )
    },
  }
}

/** An answer about another domain must never be stored under this one's name. */
function sameDomain(name: string) {
  return {
    parse(value: unknown): Result<DomainAnswer> {
      const domain = read(domainAnswer, value)
      if (!domain.ok || domain.value.name === name) return domain
      return failed('bad-response', 'other-domain', 'dimail answered for another domain than the one asked.')
    },
  }
}

const domainRows = readRows(
  domainAnswer,
  (domain) => domain.name,
  () => {
    const domains: DomainAnswer[] = []
    return {
      keep: (domain) => domains.push(domain),
      end: ({ rejected, repeats }) => ({ domains, rejected: rejected + repeats }),
    }
  },
)
