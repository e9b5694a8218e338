import type { Call } from '../../preload/channels.ts'
import type { Input } from '../../preload/contract.ts'

/**
 * What a call touches. `open`: the program, its profiles and the session itself. `read`: what is kept here, for a known
 * agent too. `ask`: servers, or what only a proven agent may learn or set. `write`: something that stays changed.
 */
export type Touch = 'open' | 'read' | 'ask' | 'write'

const families: { [prefix: string]: Touch } = {
  app: 'open',
  profiles: 'open',
  session: 'open',
  connectivity: 'open',
  sandbox: 'open',
  links: 'open',
  clipboard: 'open',
  outbox: 'read',
  domains: 'read',
  view: 'read',
  jobs: 'read',
  journal: 'read',
  search: 'read',
  rights: 'read',
  csv: 'read',
  drift: 'read',
  mail: 'read',
  provisioning: 'read',
  dns: 'read',
  codes: 'read',
  fleet: 'ask',
  entitlements: 'ask',
  quota: 'ask',
  mailboxes: 'write',
  aliases: 'write',
  accesses: 'write',
  invitations: 'write',
}
/** Where a call touches something else than its family does. */
const exceptions: { [C in Call]?: Touch } = {
  'connectivity.retry': 'ask',
  'domains.check': 'ask',
  'dns.diagnose': 'ask',
  'dns.watch': 'ask',
  'dns.unwatch': 'ask',
  'dns.sendLetter': 'write',
  'domains.fetchRecords': 'ask',
  'domains.preview': 'ask',
  'domains.repair': 'write',
  'domains.create': 'write',
  'domains.adopt': 'write',
  'domains.finish': 'write',
  'domains.setSupportEmail': 'write',
  'mailboxes.list': 'read',
  'mailboxes.addresses': 'read',
  'mailboxes.read': 'read',
  'mailboxes.waiting': 'read',
  'mailboxes.passwords': 'ask',
  'aliases.list': 'read',
  'drift.compare': 'ask',
  'drift.import': 'write',
  'csv.run': 'write',
  'csv.passwords': 'ask',
  'jobs.cancel': 'ask',
  'mail.configure': 'ask',
  'mail.test': 'ask',
  'mail.compose': 'open',
  'mail.resend': 'write',
  'provisioning.run': 'write',
}

/** @throws when a call is of no family: a new one must say what it touches. */
export function touchOf<C extends Call>(call: C, input: Input<C>): Touch {
  if (call === 'jobs.start') return onlyAsks(input) ? 'ask' : 'write'
  const touch = exceptions[call] ?? families[call.slice(0, call.indexOf('.'))]
  if (touch === undefined) throw new Error(`Nothing says what ${call} touches`)
  return touch
}
const onlyAsks = (input: unknown): boolean =>
  typeof input === 'object' &&
  input !== null &&
  'kind' in input &&
  (input.kind === 'check' || input.kind === 'diagnose')
