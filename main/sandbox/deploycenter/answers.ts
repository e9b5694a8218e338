import { type Account, accounts } from '../accounts.ts'
import type { Agents } from '../agents.ts'
import type { Storage } from './storage.ts'

/** `2026`: as in April 2026, GET only; `new`: POST too, with quotas (docs/entitlements.md 2.5). */
export const versions = ['2026', 'new'] as const
export type Version = (typeof versions)[number]

/** Whom a request is about, once it is valid; an empty text is an absent one. */
export type Question = { type: string; siret: string; email: string; accountId: string }
type Known = { agents: Agents; storage: Storage; version: Version }

const operator = {
  id: '2c41d7a6-50b8-4e93-8f1c-b7a09e6d3501',
  name: 'Opérateur fictif',
  siret: '99900000900010',
  url: 'https://operateur.example',
  config: { support_email: 'aide@operateur.example' },
}
const potentialOperators = [{ ...operator, signupUrl: 'https://operateur.example/inscription' }]

export const organizationOf = (siret: string): Account | undefined =>
  accounts.find((account) => account.siret === siret)

/** The body of a 200: the state table of docs/entitlements.md 2.5. */
export function answerTo(question: Question, { agents, storage, version }: Known): unknown {
  const found = organizationOf(question.siret)
  // Its keys are in every answer of the newer server, empty or not.
  const metrics = version === 'new' ? { metrics: {} } : {}
  if (found === undefined) {
    const entitlements = { can_access: false, can_access_reason: 'no_organization' }
    return { organization: null, operator: null, entitlements, ...metrics }
  }
  const organization = { id: `organisation-${found.siret}`, ...found.organization, oidc_valid: null }
  const { subscription } = agents.of(found)
  if (subscription !== 'active') {
    const entitlements = { can_access: false, can_access_reason: 'not_activated' }
    const its = subscription === 'inactive' ? operator : null
    return { organization, operator: its, entitlements, potentialOperators, ...metrics }
  }
  const entitlements = { can_access: true, can_admin_maildomains: administered(question, agents) }
  const stored = storedOf(question, found, storage, version)
  return { organization, operator, entitlements: { ...entitlements, ...stored.rights }, ...stored.metrics }
}

/**
 * The domains of every organisation with an active subscription of which this person is an administrator: an exact
 * match, case included (docs/entitlements.md 2.6).
 */
function administered({ email, accountId }: Question, agents: Agents): string[] {
  const theirs = accounts.filter(
    (account) => (email !== '' && account.email === email) || (accountId !== '' && account.sub === accountId),
  )
  const domains = theirs.map((account) => agents.of(account)).filter((one) => one.subscription === 'active')
  return [...new Set(domains.flatMap((one) => one.domains))]
}

/** What is said of storage: noise for a user, quotas for a mailbox of the newer server. */
function storedOf({ type, email }: Question, { siret }: Account, storage: Storage, version: Version) {
  const level = { can_store_resolve_level: 'organization' }
  if (version === '2026') return { rights: { can_store: false, ...level }, metrics: {} }
  if (type !== 'mailbox') return { rights: { can_store: false, ...level }, metrics: { metrics: {} } }
  const account = storage.account(email)
  const organization = storage.organization(siret)
  const isFull = ({ used, limit }: { used: number; limit: number }) => limit > 0 && used >= limit
  return {
    rights: {
      can_store: !isFull(organization) && !isFull(account),
      can_store_resolve_level: isFull(organization) ? 'organization' : 'account',
      max_storage_account: account.limit,
      max_storage_organization: organization.limit,
    },
    metrics: {
      metrics: { account: { storage_used: account.used }, organization: { storage_used: organization.used } },
    },
  }
}
