import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ListedMailbox, MailboxStore } from '../../main/store/mailbox-store.ts'
import type { MailboxQuery } from '../../preload/mailbox-shapes.ts'
import { everyMailbox, listedMailbox, openCacheIn, withDomains } from '../fakes/stores.ts'

const home = 'val-fictif.example'
function storeOf(...domains: string[]): MailboxStore {
  const cache = openCacheIn()
  withDomains(cache, domains.length > 0 ? domains : [home])
  return cache.mailboxes
}
const at = (local: string, more: Partial<ListedMailbox> = {}) => listedMailbox(`${local}@${home}`, more)
const locals = (rows: readonly { localPart: string }[]) => rows.map((row) => row.localPart)
const listed = (store: MailboxStore, more: Partial<MailboxQuery> = {}) =>
  locals(store.list({ ...everyMailbox(home), ...more }).rows)

describe('a mailbox of the cache', () => {
  test('is given back as it was listed, with when', () => {
    const store = storeOf()
    const box = at('Élie', {
      smtp: null,
      state: null,
      imap: 'wait',
      email: `Elie@${home}`,
      kind: 'functional',
    })
    store.store(home, [box], 7)
    expect(store.read(box.address)).toEqual({ ...box, fetchedAt: 7, goneAt: null })
    expect(store.read('absent@val-fictif.example')).toBeNull()
  })
  test('is added, confirmed and changed in batches', () => {
    const store = storeOf()
    store.store(home, [at('a.b'), at('c.d')], 1)
    store.store(home, [at('a.b'), at('c.d', { displayName: 'Dé Cé', imap: 'no' })], 2)
    expect(store.read(`c.d@${home}`)).toMatchObject({ displayName: 'Dé Cé', imap: 'no', fetchedAt: 2 })
    expect(store.read(`a.b@${home}`)?.fetchedAt).toBe(2)
    expect(locals(store.search('de ce', null, 9))).toEqual(['c.d'])
    expect(listed(store, { show: 'disabled' })).toEqual(['c.d'])
  })
  test('that is gone is listed so, and neither counted, found nor a holder of its name', () => {
    const store = storeOf()
    store.store(home, [at('a.b'), at('c.d')], 1)
    store.markGone([`a.b@${home}`, `a.b@${home}`, 'absent@nowhere.example'], 5)
    expect(store.read(`a.b@${home}`)?.goneAt).toBe(5)
    expect([listed(store), store.count(home), listed(store, { show: 'trouble' })]).toEqual([
      ['a.b', 'c.d'],
      1,
      ['a.b'],
    ])
    expect([store.search('a.b', null, 9), store.search('a', null, 9), store.namedAlike(home, 'a b')]).toEqual(
      [[], [], []],
    )
    store.store(home, [at('a.b', { displayName: 'Autre Nom' })], 6)
    expect(store.read(`a.b@${home}`)).toMatchObject({ goneAt: null, displayName: 'Autre Nom' })
    expect([store.count(home), locals(store.search('autre', null, 9))]).toEqual([2, ['a.b']])
    expect(listed(store, { show: 'enabled' })).toEqual(['a.b', 'c.d'])
  })
})
void fc
