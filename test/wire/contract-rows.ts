import type { Call } from '../../preload/channels.ts'
import type { Console } from '../fakes/console.ts'
import { dnsRows } from './contract-dns-rows.ts'
import { noProfile, page, type Row, stopped, town, unknown } from './contract-row.ts'
import { sessionRows } from './contract-session-rows.ts'

const view = { text: '', status: 'all', sort: 'name', descending: false }
const query = { ...view, offset: 0, limit: 20 }

const named = (status: 'enabled' | 'failed') => (console: Console) => ({
  name: console.profiles.opened().cache.names({ text: '', status })[0],
})
const job = (console: Console) => ({
  id: console.profiles.opened().queue.start('check', ['pas un nom']).id,
})
const person = {
  givenName: 'Capucine',
  surName: 'Fictive',
  displayName: '',
  secondaryEmail: null,
}
const box = { domain: town, localPart: 'capucine.fictive', ...person }
const elsewhere = { ...box, domain: unknown }

async function compared(console: Console) {
  const { handlers } = console
  return handlers['drift.compare']({ domain: town })
}
/** A report with something to import. */
async function differing(console: Console) {
  await compared(console)
  const alias = { username: 'nouvel-alias', destination: `contact@${town}`, allowToSend: false }
  console.process.running()?.world.aliases(town).push(alias)
  return compared(console)
}
/** The first person of the town, with what an agent sees of them. */
async function somebody(console: Console) {
  await compared(console)
  const list = await console.handlers['mailboxes.list']({
    ...{ domain: town, text: '', show: 'enabled', sort: 'address', descending: false },
    ...page,
  })
  const found = list.rows.find(({ kind }) => kind === 'person')
  if (!found) throw new Error('The town has nobody')
  return found
}
const seenOf = async (console: Console) => {
  const { address, status, displayName } = await somebody(console)
  return { address, seen: { status, displayName } }
}
const absent = { address: `absent@${unknown}`, seen: { status: 'enabled', displayName: '' } }
/** A mailbox that waits, since its domain is not enabled. */
async function waiting(console: Console) {
  const domain = console.profiles.opened().cache.names({ text: '', status: 'action_required' })[0] ?? ''
  const made = await console.handlers['mailboxes.create']({ ...box, domain })
  if (made.outcome !== 'kept') throw new Error('The mailbox did not wait')
  return { domain, id: made.mailbox.id }
}
const aliasOf = {
  domain: town,
  localPart: 'alias-fictif',
  destinations: [`contact@${town}`],
  allowToSend: false,
}
async function made(console: Console) {
  await console.handlers['aliases.create'](aliasOf)
  return { domain: town, localPart: aliasOf.localPart }
}
const lines = 'identifiant;prénom;nom\ncerfeuil.fictif;Cerfeuil;Fictif\n'
async function planned(console: Console) {
  const plan = await console.handlers['csv.preview']({ domain: town, text: lines })
  return { domain: town, plan: plan?.id ?? 0 }
}
const invited = { domain: town, email: 'nouvelle@invitee.example', role: 'viewer' } as const
async function invitation(console: Console) {
  const { rights } = await console.handlers['accesses.grant'](invited)
  return { domain: town, id: rights.invitations[0]?.id }
}
/** Somebody of the sandbox who has an access to the town, and is not its last owner. */
async function member(console: Console) {
  const known = 'sacha.estragon@communaute-fictive.example'
  await console.handlers['accesses.grant']({ domain: town, email: known, role: 'viewer' })
  return { domain: town, person: known }
}
async function sent(console: Console) {
  const { mail } = await console.handlers['accesses.grant'](invited)
  return { domain: town, id: mail.id }
}
async function receivedOne(console: Console) {
  const { address } = await somebody(console)
  const [domain] = [town]
  await console.handlers['mailboxes.update']({
    ...{ address, givenName: 'Capucine', surName: 'Fictive', displayName: '' },
    ...{ secondaryEmail: `ailleurs@${unknown}`, seen: (await seenOf(console)).seen },
  })
  await console.handlers['mailboxes.loginLink']({ address })
  const [latest] = await console.handlers['outbox.list'](undefined)
  if (!latest) throw new Error(`Nothing came for ${domain}`)
  return { id: latest.id }
}
/** A setup that stopped after its creation. */
async function unfinished(console: Console) {
  const { desk, now } = console.profiles.opened()
  const name = 'nouvelle-fictive.example'
  await console.handlers['domains.create']({ name, supportEmail: null })
  await desk.setups.put(name, name, {
    ...{ name, supportEmail: null, creator: 'sandbox', createdAt: now() },
    ...{ missing: ['records'], failure: null, adopted: false },
  })
  return { name }
}
async function orphan(console: Console) {
  console.process.running()?.world.add('orpheline.example', 'orpheline.example')
  return { name: 'orpheline.example', supportEmail: null }
}

/** One input that fits each call, one that does not, and how it is expected to fail. */
export const rows: Record<Call, Row> = {
  ...sessionRows,
  ...dnsRows,
  'app.read': { fits: undefined, unfit: null },
  'app.configure': { fits: { locale: 'en', colorScheme: 'dark' }, unfit: { locale: 'de' } },
  'app.dismiss': { fits: { id: 1 }, unfit: { id: 1.5 } },
  'app.painted': { fits: { view: 'domains', rows: 3 }, unfit: { view: 'domains', rows: -1 } },
  'fleet.refresh': { fits: { acceptShrink: false }, unfit: { acceptShrink: 'oui' }, fails: noProfile },
  'domains.list': { fits: query, unfit: { ...query, limit: 501 }, fails: noProfile },
  'domains.counts': { fits: undefined, unfit: 0, fails: noProfile },
  'domains.names': {
    fits: { text: 'mairie', status: 'repairable' },
    unfit: { text: 'x'.repeat(254), status: 'all' },
    fails: noProfile,
  },
  'domains.read': {
    fits: named('failed'),
    unfit: { name: '' },
    fails: { with: { name: 'inconnue.example' }, code: 'not-found' },
  },
  'domains.check': {
    fits: named('enabled'),
    unfit: { name: 'x'.repeat(261) },
    fails: { with: { name: 'pas un nom' }, code: 'invalid' },
  },
  'domains.repair': {
    fits: named('failed'),
    unfit: { name: ['a.example'] },
    fails: { with: named('enabled'), code: 'not-possible' },
  },
  'domains.fetchRecords': {
    fits: named('enabled'),
    unfit: { name: 'a.example', force: true },
    fails: { with: { name: 'inconnue.example' }, code: 'not-found' },
  },
  'domains.preview': { fits: { name: 'commune-née.example' }, unfit: { name: 3 }, fails: noProfile },
  'domains.create': {
    fits: { name: 'nouvelle-fictive.example', supportEmail: 'mairie@nouvelle-fictive.example' },
    unfit: { name: 'a.example' },
    fails: { with: { name: town, supportEmail: null }, code: 'conflict' },
    fuzzed: { name: 'pas un nom', supportEmail: null },
  },
  'domains.adopt': {
    fits: orphan,
    unfit: { name: 'a.example', supportEmail: 4 },
    fails: { with: { name: unknown, supportEmail: null }, code: 'not-found' },
    fuzzed: { name: 'pas un nom', supportEmail: null },
  },
  'domains.finish': {
    fits: unfinished,
    unfit: { name: '' },
    fails: { with: { name: town }, code: 'not-found' },
    fuzzed: { name: unknown },
  },
  'domains.setSupportEmail': {
    fits: { name: town, email: 'mairie@autre.example' },
    unfit: { name: town },
    fails: { with: { name: town, email: 'pas une adresse' }, code: 'invalid' },
  },
  'mailboxes.list': {
    fits: { domain: town, text: '', show: 'all', sort: 'address', descending: false, ...page },
    unfit: { domain: town, text: '', show: 'rien', sort: 'address', descending: false, ...page },
    fails: {
      with: { domain: unknown, text: '', show: 'all', sort: 'address', descending: false, ...page },
      code: 'not-found',
    },
  },
  'mailboxes.addresses': {
    fits: { domain: town, text: 'a', show: 'enabled' },
    unfit: { domain: town, text: 'x'.repeat(321), show: 'all' },
    fails: { with: { domain: unknown, text: '', show: 'all' }, code: 'not-found' },
  },
  'mailboxes.read': {
    fits: async (console: Console) => ({ address: (await somebody(console)).address }),
    unfit: { address: '@' },
    fails: { with: { address: absent.address }, code: 'not-found' },
    fuzzed: { address: absent.address },
  },
  'mailboxes.waiting': {
    fits: { domain: town, ...page },
    unfit: { domain: town, offset: -1, limit: 2 },
    fails: { with: { domain: unknown, ...page }, code: 'not-found' },
  },
  'mailboxes.passwords': {
    fits: { domain: town },
    unfit: {},
    fails: { with: { domain: unknown }, code: 'not-found' },
  },
  'mailboxes.create': {
    fits: box,
    unfit: { ...box, surName: 'x'.repeat(201) },
    fails: { with: { ...box, localPart: 'é' }, code: 'invalid' },
    fuzzed: elsewhere,
  },
  'mailboxes.edit': {
    fits: async (console: Console) => {
      const { domain, id } = await waiting(console)
      return { ...box, domain, id, surName: 'Autre' }
    },
    unfit: { ...box, id: '' },
    fails: { with: { ...box, id: `absent@${town}` }, code: 'not-found' },
    fuzzed: { ...elsewhere, id: absent.address },
  },
  'mailboxes.retry': {
    fits: waiting,
    unfit: { domain: town },
    fails: { with: { domain: town, id: `absent@${town}` }, code: 'not-found' },
    fuzzed: { domain: unknown, id: absent.address },
  },
  'mailboxes.remove': {
    fits: waiting,
    unfit: { id: 'a@b.example' },
    fails: { with: { domain: town, id: `absent@${town}` }, code: 'not-found' },
    fuzzed: { domain: unknown, id: absent.address },
  },
  'mailboxes.update': {
    fits: async (console: Console) => ({ ...person, ...(await seenOf(console)) }),
    unfit: { ...absent, ...person, active: true },
    fails: { with: { ...absent, ...person }, code: 'not-found' },
    fuzzed: { ...absent, ...person },
  },
  'mailboxes.disable': {
    fits: seenOf,
    unfit: { address: 'a@b.example' },
    fails: { with: absent, code: 'not-found' },
    fuzzed: absent,
  },
  'mailboxes.enable': {
    fits: seenOf,
    unfit: { address: 'a@b.example' },
    fails: { with: absent, code: 'not-found' },
    fuzzed: absent,
  },
  'mailboxes.resetPassword': {
    fits: async (console: Console) => ({ address: (await somebody(console)).address }),
    unfit: { address: 'a@b.example', locale: 'de' },
    fails: { with: { address: absent.address }, code: 'not-found' },
    fuzzed: { address: absent.address },
  },
  'mailboxes.loginLink': {
    fits: async (console: Console) => ({ address: (await somebody(console)).address }),
    unfit: { address: 12 },
    fails: { with: { address: absent.address }, code: 'not-found' },
    fuzzed: { address: absent.address },
  },
  'aliases.list': {
    fits: { domain: town, text: '', sort: 'alias', descending: false, ...page },
    unfit: { domain: town, text: '', sort: 'nom', descending: false, ...page },
    fails: noProfile,
  },
  'aliases.create': {
    fits: aliasOf,
    unfit: { ...aliasOf, destinations: [] },
    fails: { with: { ...aliasOf, localPart: '../mailboxes/x?' }, code: 'invalid' },
    fuzzed: { ...aliasOf, domain: unknown },
  },
  'aliases.remove': {
    fits: async (console: Console) => ({ ...(await made(console)), destination: `contact@${town}` }),
    unfit: { domain: town, localPart: 'a' },
    fails: { with: { domain: town, localPart: '../x', destination: 'a@b.example' }, code: 'not-possible' },
    fuzzed: { domain: unknown, localPart: 'a', destination: 'a@b.example' },
  },
  'aliases.removeAll': {
    fits: async (console: Console) => ({ ...(await made(console)), destinations: [`contact@${town}`] }),
    unfit: { domain: town, localPart: 'a' },
    fails: { with: { domain: town, localPart: '../x', destinations: ['a@b.example'] }, code: 'not-possible' },
    fuzzed: { domain: unknown, localPart: 'a', destinations: [] },
  },
  'drift.compare': {
    fits: { domain: town },
    unfit: { domain: '' },
    fails: { with: { domain: unknown }, code: 'not-found' },
    fuzzed: { domain: unknown },
  },
  'drift.list': {
    fits: async (console: Console) => ({
      domain: town,
      report: (await compared(console)).id,
      kind: null,
      ...page,
    }),
    unfit: { domain: town, report: 1, kind: 'autre', ...page },
    fails: { with: { domain: town, report: 99, kind: null, ...page }, code: 'not-possible' },
  },
  'drift.import': {
    fits: async (console: Console) => ({
      domain: town,
      report: (await differing(console)).id,
      acceptShrink: false,
    }),
    unfit: { domain: town, report: 1 },
    fails: { with: { domain: town, report: 99, acceptShrink: false }, code: 'not-possible' },
  },
  'csv.preview': {
    fits: { domain: town, text: lines },
    unfit: { domain: town },
    fails: { with: { domain: town, text: 'nom;nom\na;b\n' }, code: 'invalid' },
    fuzzed: { domain: unknown, text: 'a' },
  },
  'csv.read': {
    fits: async (console: Console) => ({ ...(await planned(console)), verdict: null, ...page }),
    unfit: { domain: town, plan: 1, verdict: 'peut-être', ...page },
    fails: { with: { domain: town, plan: 99, verdict: null, ...page }, code: 'not-found' },
  },
  'csv.run': {
    fits: planned,
    unfit: { domain: town },
    fails: { with: { domain: town, plan: 99 }, code: 'not-found' },
  },
  'csv.passwords': { fits: { domain: town, job: 1 }, unfit: { domain: town, job: '1' }, fails: noProfile },
  'csv.export': {
    fits: { domain: town, what: 'mailboxes', exact: false },
    unfit: { domain: town, what: 'rien', exact: false },
    fails: noProfile,
  },
  'search.find': { fits: { text: 'contact', limit: 8 }, unfit: { text: 'a', limit: 51 }, fails: noProfile },
  'rights.read': {
    fits: { domain: town },
    unfit: { domain: '' },
    fails: { with: { domain: unknown }, code: 'not-found' },
  },
  'accesses.grant': {
    fits: invited,
    unfit: { ...invited, role: 'roi' },
    fails: { with: { ...invited, email: 'pas une adresse' }, code: 'invalid' },
    fuzzed: { ...invited, domain: unknown },
  },
  'accesses.change': {
    fits: async (console: Console) => ({ ...(await member(console)), role: 'administrator' }),
    unfit: { domain: town, person: 'a@b.example' },
    fails: { with: { domain: town, person: 'absent@inconnue.example', role: 'viewer' }, code: 'not-found' },
  },
  'accesses.remove': {
    fits: member,
    unfit: { domain: town },
    fails: { with: { domain: town, person: 'absent@inconnue.example' }, code: 'not-found' },
  },
  'invitations.resend': {
    fits: invitation,
    unfit: { domain: town, id: '' },
    fails: { with: { domain: town, id: 'absente' }, code: 'not-found' },
    fuzzed: { domain: unknown, id: 'absente' },
  },
  'invitations.revoke': {
    fits: invitation,
    unfit: { domain: town },
    fails: { with: { domain: town, id: 'absente' }, code: 'not-found' },
    fuzzed: { domain: unknown, id: 'absente' },
  },
  'mail.read': { fits: undefined, unfit: {}, fails: noProfile },
  'mail.configure': {
    fits: { smtp: null, webmail: null, locale: 'en', password: null },
    unfit: { smtp: null, webmail: null, locale: 'de', password: null },
    fails: {
      with: { smtp: null, webmail: 'https://webmail.example', locale: 'fr', password: null },
      code: 'not-possible',
    },
  },
  'mail.test': {
    fits: { to: 'essai@inconnue.example' },
    unfit: { to: 'a' },
    fails: noProfile,
    fuzzed: { to: 'aaa' },
  },
  'mail.list': { fits: { domain: null, limit: 10 }, unfit: { domain: null, limit: 0 }, fails: noProfile },
  'mail.resend': {
    fits: sent,
    unfit: { domain: town, id: '' },
    fails: { with: { domain: town, id: 'absent' }, code: 'not-found' },
    fuzzed: { domain: unknown, id: 'absent' },
  },
  'mail.compose': {
    fits: { to: 'mairie@inconnue.example', subject: 'Objet', text: 'Texte' },
    unfit: { to: 'a@b.example' },
  },
  'outbox.list': { fits: undefined, unfit: {}, fails: { before: stopped, code: 'not-possible' } },
  'outbox.follow': {
    fits: receivedOne,
    unfit: { id: 'un' },
    fails: { before: stopped, code: 'not-possible' },
    fuzzed: { id: 99 },
  },
  'sandbox.heal': {
    fits: { domain: town },
    unfit: { domain: '' },
    fails: { before: stopped, code: 'not-possible' },
  },
  'view.read': { fits: undefined, unfit: '', fails: noProfile },
  'view.write': { fits: { ...view, open: null }, unfit: { ...view, open: 3 }, fails: noProfile },
  'jobs.start': {
    fits: { kind: 'check', names: ['pas un nom'] },
    unfit: { kind: 'check', names: [] },
    fails: noProfile,
  },
  'jobs.cancel': { fits: job, unfit: { id: '1' }, fails: { with: { id: 999 }, code: 'not-found' } },
  'jobs.list': { fits: undefined, unfit: [], fails: noProfile },
  'jobs.read': {
    fits: (console: Console) => ({ ...job(console), offset: 0, limit: 10 }),
    unfit: { id: 1, offset: 0, limit: 0 },
    fails: { with: { id: 999, offset: 0, limit: 1 }, code: 'not-found' },
  },
  'connectivity.read': { fits: undefined, unfit: false, fails: noProfile },
  'connectivity.retry': { fits: undefined, unfit: Number.NaN, fails: noProfile },
  'journal.list': {
    fits: { subject: null, limit: 50 },
    unfit: { subject: null, limit: 501 },
    fails: noProfile,
  },
  'sandbox.read': { fits: undefined, unfit: {} },
  'sandbox.start': { fits: undefined, unfit: {} },
  'sandbox.stop': { fits: undefined, unfit: {} },
  'sandbox.reset': { fits: undefined, unfit: {}, fails: { before: stopped, code: 'not-possible' } },
  'sandbox.populate': { fits: undefined, unfit: {}, fails: noProfile },
  'sandbox.configure': {
    fits: { dialect: '0.6-late', latencyMs: 0, quirks: ['string-booleans'] },
    unfit: { dialect: '1.0', latencyMs: 0, quirks: [] },
  },
  'sandbox.agents': { fits: undefined, unfit: {}, fails: { before: stopped, code: 'not-possible' } },
  'sandbox.entitle': {
    fits: { id: 'owner', domains: [town], subscription: 'active' },
    unfit: { id: 'owner', domains: [town], subscription: 'peut-être' },
    fails: { with: { id: 'absent', domains: [], subscription: 'none' }, code: 'not-found' },
  },
  'sandbox.deployCenter': {
    fits: { mode: 'failing' },
    unfit: { mode: 'autre' },
    fails: { before: stopped, code: 'not-possible' },
  },
  'links.open': {
    fits: { url: 'https://github.com/suitenumerique/people' },
    unfit: { url: 'x'.repeat(2001) },
    fails: { with: { url: 'https://malveillant.example/' }, code: 'not-possible' },
  },
  'clipboard.write': { fits: { text: 'mx.fictif.example.' }, unfit: { text: 'x', secret: 'oui' } },
}
