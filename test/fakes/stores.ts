import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { judge } from '../../main/dimail/verdict.ts'
import type { ListedAlias } from '../../main/store/alias-store.ts'
import { type AnswerToStore, type Cache, openCache } from '../../main/store/cache.ts'
import { type Desk, openDesk } from '../../main/store/desk.ts'
import type { ListedMailbox } from '../../main/store/mailbox-store.ts'
import { unwrap } from '../../preload/failure.ts'
import type { MailboxQuery } from '../../preload/mailbox-shapes.ts'
import type { DomainQuery, Status } from '../../preload/shapes.ts'
import { folder } from './folders.ts'

/** A cache in a folder of its own, closed with the test. */
export function openCacheIn(path = folder(), now = () => 0): Cache {
  const { cache } = unwrap(openCache(join(path, 'cache.db'), now))
  onTestFinished(() => cache.close())
  return cache
}

export function openDeskIn(path = folder(), now = () => 0): Desk {
  const { desk } = unwrap(openDesk(join(path, 'desk.db'), now))
  onTestFinished(() => desk.close())
  return desk
}

type Raw = Record<string, unknown>
const check = (ok: boolean, internal: boolean) => ({
  ok,
  internal,
  errors: ok ? [] : [{ code: 'faux', detail: 'Détail fictif' }],
})

/** What dimail answers for a domain that is in a status, in a few words. */
export function rawOf(name: string, status: Status, more: Raw = {}): Raw {
  const state = { enabled: 'ok', pending: 'new', action_required: 'broken', failed: 'broken', disabled: 'ok' }
  return {
    name,
    state: state[status],
    active: status !== 'disabled',
    mx: check(status !== 'action_required', false),
    ox: check(status !== 'failed', true),
    ...more,
  }
}

/** An answer as the use cases give it to the cache, judged for real. */
export function answered(name: string, raw: Raw, at: number, checked = true): AnswerToStore {
  const state = typeof raw.state === 'string' ? raw.state : ''
  const active = typeof raw.active === 'boolean' ? raw.active : null
  return { name, raw, at, checked, judge: (previous) => judge({ state, active, raw }, previous) }
}

export const everything: DomainQuery = {
  text: '',
  status: 'all',
  sort: 'name',
  descending: false,
  offset: 0,
  limit: 500,
}

/** Domains that dimail listed as enabled, so that mailboxes can be stored in them. */
export function withDomains(cache: Cache, names: readonly string[], more: Raw = {}): void {
  cache.storeAnswers(names.map((name) => answered(name, rawOf(name, 'enabled', more), 1, false)))
}

/** A mailbox as dimail lists it: `given.sur@domain` of an active person, unless said otherwise. */
export function listedMailbox(address: string, more: Partial<ListedMailbox> = {}): ListedMailbox {
  const [localPart = '', domain = ''] = address.split('@')
  const [givenName = '', surName = ''] = localPart.split('.')
  const displayName = `${givenName} ${surName}`.trim()
  const names = { givenName, surName, displayName }
  return {
    address,
    domain,
    localPart,
    email: address,
    ...names,
    kind: 'person',
    imap: 'yes',
    smtp: 'yes',
    state: 'ok',
    ...more,
  }
}

export const listedAlias = (alias: string, destination: string, allowToSend: boolean | null = false) => {
  const [localPart = '', domain = ''] = alias.split('@')
  return { domain, localPart, destination, allowToSend } satisfies ListedAlias
}

export const everyMailbox = (domain: string): MailboxQuery => ({
  domain,
  text: '',
  show: 'all',
  sort: 'address',
  descending: false,
  offset: 0,
  limit: 500,
})
