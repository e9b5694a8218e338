import { modesOf, publish } from './dns/published.ts'
import type { Domain, Status } from './domain.ts'
import { type Cure, faultOf, type InternalKey } from './internal.ts'
import { dkimRecord } from './records.ts'

/** A state of affairs, and the console's status after one check of it without repair. */
export type Scenario = { expects: Status; shape(domain: Domain): void }
type Shape = Scenario['shape']

/** Replaces all values that DNS gives for a target and a type; none withdraws it. */
function put(domain: Domain, target: string, type: string, ...values: string[]) {
  const others = domain.zone.records.filter((record) => record.target !== target || record.type !== type)
  domain.zone.records = [...others, ...values.map((value) => ({ target, type, value }))]
}

const dns =
  (target: string, type: string, ...values: string[]): Shape =>
  (domain) =>
    put(domain, target, type, ...values)

function dkim(change: (value: string) => string): Shape {
  return (domain) => {
    domain.zone.records = domain.zone.records.map((record) =>
      record.target.endsWith('._domainkey') ? { ...record, value: change(record.value) } : record,
    )
  }
}

const noDkim: Shape = (domain) => {
  domain.zone.records = domain.zone.records.filter((record) => !record.target.endsWith('._domainkey'))
}

const fault =
  (key: InternalKey, cure: Cure = 'repaired'): Shape =>
  (domain) =>
    void domain.faults.set(key, faultOf(key, domain.name, cure))

const broken =
  (failure: 'timeout' | 'servfail'): Shape =>
  (domain) => {
    domain.zone.failure = failure
  }

const spf = (change: (include: string) => string[]): Shape => {
  return (domain) => put(domain, '', 'txt', ...change(`include:${domain.wanted.spf}`))
}

const formerMx: Shape = dns('', 'mx', 'mail.ancien-hebergeur.example.')
const undelegated: Shape = (domain) => {
  domain.zone.delegated = false
}
const emptyZone: Shape = (domain) => {
  domain.zone.records = []
}
const inactive: Shape = (domain) => {
  domain.active = false
}

const withExtraMx: Shape = (domain) =>
  put(domain, '', 'mx', domain.wanted.mx, 'secours.ancien-hebergeur.example.')
const oursSecond: Shape = (domain) =>
  put(domain, '', 'mx', 'mail.ancien-hebergeur.example.', domain.wanted.mx)

const customHosts: Shape = (domain) => {
  domain.webmailDomain = `courrier.${domain.name}`
  domain.imapDomains = [`reception.${domain.name}`]
  put(domain, 'webmail', 'cname')
  put(domain, 'imap', 'cname')
  put(domain, 'courrier', 'cname', domain.wanted.webmail)
  put(domain, 'reception', 'cname', domain.wanted.imap)
}

/** Everything of the apex is at the end of a CNAME, which dimail follows. */
const behindCname: Shape = (domain) => {
  for (const record of domain.zone.records) if (record.target === '') record.target = 'courriel'
  put(domain, '', 'cname', `courriel.${domain.name}.`)
}

const withoutWebmail: Shape = (domain) => {
  domain.features = ['mailbox', 'alias']
  put(domain, 'webmail', 'cname')
}
const relay: Shape = (domain) => {
  domain.delivery = 'relay'
  domain.transport = `smtp:[relais.${domain.name}]:25`
}
const twoSpf = spf((ours) => ['v=spf1 include:_spf.ancien-hebergeur.example ~all', `v=spf1 ${ours} -all`])
const longSpf = spf((ours) => [`v=spf1 ip4:192.0.2.0/24 +${ours} include:_spf.newsletter.example ~all`])
const otherTexts: Shape = (domain) =>
  put(domain, '', 'txt', 'verification-site=demonstration', `v=spf1 include:${domain.wanted.spf} -all`)
const shuffledDkim = dkim((value) => {
  const [version, ...tags] = value.split('; ')
  return [version, ...tags.reverse()].join('; ')
})

// What dimail does not see, or sees no fault in: it is for who looks at the name servers themselves.
const secondBehind: Shape = (domain) => {
  const now = domain.zone.records
  dns('', 'mx', 'mail.ancien-hebergeur.example.')(domain)
  publish(domain, { ...domain.zone, records: now })
  const [, second] = modesOf(domain)
  if (second !== undefined) domain.servers.set(second.name, 'behind')
}
const wildcard: Shape = dns('*', 'a', '203.0.113.80')
const mxAtCname: Shape = (domain) => {
  put(domain, '', 'mx', domain.wanted.mx, `20 secours.${domain.name}.`)
  put(domain, 'secours', 'cname', 'secours.ancien-hebergeur.example.')
}
const longChain = spf((ours) => [`v=spf1 ${ours} include:_chaine.newsletter.example -all`])
const brokenDnssec: Shape = (domain) => {
  domain.dnssec = 'broken'
}

const right: Shape = () => {}
const fine: Shape[] = [
  ...[
    withExtraMx,
    twoSpf,
    longSpf,
    otherTexts,
    shuffledDkim,
    behindCname,
    customHosts,
    withoutWebmail,
    relay,
  ],
  ...[right, secondBehind, right, right, wildcard, right, mxAtCname, right, right, longChain],
  ...[right, right, right, brokenDnssec, ...Array.from({ length: 8 }, () => right)],
]

const actionRequired: Shape[][] = [
  [undelegated],
  [dns('', 'mx')],
  [formerMx],
  [dns('webmail', 'cname')],
  [dns('imap', 'cname', 'imap.ancien-hebergeur.example.')],
  [dns('smtp', 'cname')],
  [dns('', 'txt')],
  [spf(() => ['v=spf1 include:_spf.ancien-hebergeur.example ~all'])],
  [noDkim],
  // The second half of a split TXT got lost at the registrar.
  [dkim((value) => value.slice(0, 255))],
  [emptyZone],
  [formerMx, spf(() => ['v=spf1 mx:ancien-hebergeur.example -all']), fault('cert')],
  [dns('smtp', 'cname', 'smtp.ancien-hebergeur.example.'), fault('ox', 'renews-dkim')],
  [oursSecond, dns('imap', 'cname'), dkim(() => dkimRecord('former')), fault('postfix', 'stays')],
]

const failed: Shape[][] = [
  [fault('postfix')],
  [fault('ox')],
  [fault('cert')],
  [fault('webmail_ok')],
  [fault('cert'), fault('webmail_ok')],
  // Half of it is repaired, which is not enough.
  [fault('ox'), fault('cert', 'stays')],
]

// Each makes the check itself answer 500, and a check that fails changes no status.
const pending: Shape[] = [
  broken('timeout'),
  broken('servfail'),
  spf(() => ['v=spf1 redirect=_spf.ancien-hebergeur.example']),
  broken('timeout'),
  spf((ours) => [`v=spf1 ${ours}`]),
  dkim((value) => value.replace(' k=rsa;', '')),
  broken('servfail'),
]

const disabled: Shape[] = [
  inactive,
  (domain) => {
    inactive(domain)
    formerMx(domain)
  },
]

const together =
  (shapes: Shape[]): Shape =>
  (domain) => {
    for (const shape of shapes) shape(domain)
  }

/** The 60 states of affairs of the seeded fleet: every check alone, the combinations, the odd but right ones. */
export const scenarios: readonly Scenario[] = [
  ...fine.map((shape) => ({ expects: 'enabled' as const, shape })),
  ...actionRequired.map((shapes) => ({ expects: 'action_required' as const, shape: together(shapes) })),
  ...failed.map((shapes) => ({ expects: 'failed' as const, shape: together(shapes) })),
  ...pending.map((shape) => ({ expects: 'pending' as const, shape })),
  ...disabled.map((shape) => ({ expects: 'disabled' as const, shape })),
]
