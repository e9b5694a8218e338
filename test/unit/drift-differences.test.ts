import { performance } from 'node:perf_hooks'
import { describe, expect, test } from 'vitest'
import type { Leftovers } from '../../main/dimail/rows.ts'
import { differences, type Here, merged, type There } from '../../main/mailboxes/drift.ts'
import type { ListedAlias, StoredAlias } from '../../main/store/alias-store.ts'
import type { ListedMailbox, StoredMailbox } from '../../main/store/mailbox-store.ts'

const askedAt = 100
const none: Leftovers = { rejected: 0, unreadable: [], doubled: [], repeats: 0 }

function box(localPart: string, more: Partial<ListedMailbox> = {}): ListedMailbox {
  const address = `${localPart.toLowerCase()}@ville.example`
  return {
    address,
    domain: 'ville.example',
    localPart: localPart.toLowerCase(),
    email: `${localPart}@ville.example`,
    givenName: 'Alix',
    surName: 'Navet',
    displayName: 'Alix Navet',
    kind: 'person',
    imap: 'yes',
    smtp: null,
    state: null,
    ...more,
  }
}
const nobody = { givenName: '', surName: '', displayName: '', kind: 'functional' } as const
const stored = (listed: ListedMailbox, more: Partial<StoredMailbox> = {}): StoredMailbox => ({
  ...listed,
  fetchedAt: 50,
  goneAt: null,
  ...more,
})
const alias = (destination: string, allowToSend: boolean | null = false): ListedAlias => ({
  domain: 'ville.example',
  localPart: 'contact',
  destination,
  allowToSend,
})
const storedAlias = (listed: ListedAlias, fetchedAt = 50): StoredAlias => ({ ...listed, fetchedAt })

type Lists = Partial<There['mailboxes']> & { aliases?: ListedAlias[]; aliasList?: Partial<There['aliases']> }
function there({ aliases = [], aliasList = {}, ...list }: Lists): There {
  return {
    askedAt,
    now: () => 200,
    signal: new AbortController().signal,
    mailboxes: { ...none, mailboxes: [], foreign: [], version: 2, activityField: 'imap_active', ...list },
    aliases: { ...none, aliases, foreign: [], ...aliasList },
  }
}
const told = async (here: Partial<Here>, lists: Lists) =>
  differences({ mailboxes: [], aliases: [], ...here }, there(lists))

describe('every kind of difference', () => {
  test.each<[kind: string, here: Partial<Here>, lists: Lists, subject: string, values: unknown[]]>([
    ['unknown-here', {}, { mailboxes: [box('a')] }, 'a@ville.example', [null, 'Alix Navet']],
    ['unknown-at-dimail', { mailboxes: [stored(box('a'))] }, {}, 'a@ville.example', [null, null]],
    [
      'other-name',
      { mailboxes: [stored(box('a'))] },
      { mailboxes: [box('a', { displayName: 'Navet, Alix' })] },
      'a@ville.example',
      ['Alix Navet', 'Navet, Alix'],
    ],
    [
      'other-name',
      { mailboxes: [stored(box('a'))] },
      { mailboxes: [box('a', { givenName: 'Lou' })] },
      'a@ville.example',
      ['Alix | Navet', 'Lou | Navet'],
    ],
    [
      'other-activity',
      { mailboxes: [stored(box('a'))] },
      { mailboxes: [box('a', { imap: 'no' })] },
      'a@ville.example',
      ['yes', 'no'],
    ],
    [
      'other-activity',
      { mailboxes: [stored(box('a', { smtp: 'yes' }))] },
      { mailboxes: [box('a', { smtp: 'no' })] },
      'a@ville.example',
      ['SMTP yes', 'SMTP no'],
    ],
    [
      'other-activity',
      { mailboxes: [stored(box('a', { state: 'ok' }))] },
      { mailboxes: [box('a', { state: 'broken' })] },
      'a@ville.example',
      ['ok', 'broken'],
    ],
    ['alias-unknown-here', {}, { aliases: [alias('b@c.example')] }, 'contact -> b@c.example', [null, 'no']],
    [
      'alias-unknown-at-dimail',
      { aliases: [storedAlias(alias('b@c.example'))] },
      {},
      'contact -> b@c.example',
      [null, null],
    ],
    [
      'alias-other-right',
      { aliases: [storedAlias(alias('b@c.example', true))] },
      { aliases: [alias('b@c.example', false)] },
      'contact -> b@c.example',
      ['yes', 'no'],
    ],
    [
      'functional',
      { mailboxes: [stored(box('a', nobody))] },
      { mailboxes: [box('a', nobody)] },
      'a@ville.example',
      [null, 'yes'],
    ],
    [
      'technical',
      { mailboxes: [stored(box('oxadmin', { kind: 'technical' }))] },
      { mailboxes: [box('oxadmin', { kind: 'technical' })] },
      'oxadmin@ville.example',
      [null, 'Alix Navet'],
    ],
    [
      'foreign',
      {},
      { foreign: [{ ...box('a'), domain: 'autre.example', address: 'a@autre.example' }] },
      'a@autre.example',
      [null, 'Alix Navet'],
    ],
    ['unparsable', {}, { rejected: 1, unreadable: ['{"email":12}'] }, '{"email":12}', [null, null]],
    ['doubled', {}, { doubled: ['a@ville.example'], repeats: 1 }, 'a@ville.example', [null, null]],
  ])('%s', async (kind, here, lists, subject, [before, after]) => {
    const drift = await told(here, lists)
    expect(drift.differences).toEqual([{ kind, subject, here: before, there: after }])
    expect(drift.counts).toEqual({ [kind]: 1 })
    const isFact = ['functional', 'technical', 'foreign', 'unparsable', 'doubled'].includes(kind)
    expect(drift.toImport).toBe(isFact ? 0 : 1)
  })
})

describe('no difference', () => {
  const decomposed = 'Ame\u0301lie'
  test.each<[what: string, here: StoredMailbox, there: ListedMailbox, field: 'active' | null]>([
    ['an address in upper case', stored(box('a.navet')), box('A.Navet'), 'active'],
    [
      'an accent written another way',
      stored(box('a', { displayName: 'Amélie' })),
      box('a', { displayName: decomposed }),
      'active',
    ],
    ['an activity that this dimail does not tell', stored(box('a')), box('a', { imap: 'unknown' }), null],
    ['an SMTP that this dimail does not tell', stored(box('a', { smtp: 'no' })), box('a'), 'active'],
    ['a state that this list does not tell', stored(box('a', { state: 'broken' })), box('a'), 'active'],
    [
      'the names of a disabled mailbox, which dimail forgets',
      stored(box('a', { imap: 'no' })),
      box('a', { ...nobody, imap: 'no' }),
      'active',
    ],
    [
      'a mailbox that was changed here after dimail was asked',
      stored(box('a'), { fetchedAt: 101 }),
      box('a', { imap: 'no' }),
      'active',
    ],
  ])('is %s', async (_what, here, listed, activityField) => {
    const drift = await told({ mailboxes: [here] }, { mailboxes: [listed], activityField })
    expect(drift.differences.filter(({ kind }) => kind !== 'functional')).toEqual([])
    expect(drift.toImport).toBe(0)
  })

  test('is what was made here, mailbox or alias, after dimail was asked', async () => {
    const here = {
      mailboxes: [stored(box('a'), { fetchedAt: 101 })],
      aliases: [storedAlias(alias('b@c.example'), 101)],
    }
    expect(await told(here, {})).toMatchObject({ differences: [], toImport: 0, missing: [], shrunk: false })
  })

  test('faults 79: is not made of what was stored before the clock was set back', async () => {
    const here = { mailboxes: [stored(box('a'), { fetchedAt: 300 })] }
    expect(await told(here, {})).toMatchObject({ counts: { 'unknown-at-dimail': 1 } })
  })

  test('is a right that this dimail does not tell', async () => {
    const here = { aliases: [storedAlias(alias('b@c.example', true))] }
    expect(await told(here, { aliases: [alias('b@c.example', null)] })).toMatchObject({ differences: [] })
  })
})

test('what dimail did not tell stays as it was known', () => {
  const here = stored(box('a', { smtp: 'yes', imap: 'no' }))
  expect(merged(here, box('A', { ...nobody, imap: 'no' }), true)).toEqual({
    ...box('A'),
    imap: 'no',
    smtp: 'yes',
  })
  expect(merged(here, box('a', { imap: 'unknown' }), false)).toMatchObject({ imap: 'no' })
  expect(merged(here, box('a', nobody), true)).toMatchObject({ displayName: '', kind: 'functional' })
  expect(merged(null, box('a'), true)).toEqual(box('a'))
})

test('a mailbox that had gone and is listed again is unknown here, and counts for nothing in a shrink', async () => {
  const here = { mailboxes: [stored(box('a'), { goneAt: 60 })] }
  expect(await told(here, { mailboxes: [box('a')] })).toMatchObject({ counts: { 'unknown-here': 1 } })
  expect(await told(here, {})).toMatchObject({ differences: [], shrunk: false })
})

describe('faults 52: a list that has lost', () => {
  const ten = Array.from({ length: 10 }, (_, n) => box(`b${n}`))
  const here = { mailboxes: ten.map((one) => stored(one)) }

  test.each([
    [2, false],
    [3, true],
  ])('%i mailboxes of 10: shrunk is %s', async (lost, shrunk) => {
    const drift = await told(here, { mailboxes: ten.slice(lost) })
    expect(drift).toMatchObject({ shrunk, counts: { 'unknown-at-dimail': lost }, toImport: lost })
  })

  test('one alias of three has shrunk too', async () => {
    const three = ['a@c.example', 'b@c.example', 'c@c.example'].map((to) => alias(to))
    const aliases = three.map((one) => storedAlias(one))
    expect(await told({ aliases }, { aliases: three.slice(1) })).toMatchObject({ shrunk: true })
  })

  test('rows that it holds but cannot be read: none is missing', async () => {
    const drift = await told(here, { mailboxes: ten.slice(5), rejected: 5, unreadable: ['x', 'y'] })
    expect(drift).toMatchObject({ missing: [], shrunk: false, toImport: 0 })
    expect(drift.counts).toEqual({ unparsable: 5 })
  })
})

test('two lists of 50,000 are compared in a time that grows as they do, with turns between', async () => {
  const listed = Array.from({ length: 50_000 }, (_, n) => box(`b${n}`))
  const here = { mailboxes: listed.slice(25_000).map((one) => stored(one)), aliases: [] }
  let turns = 0
  const count = setInterval(() => turns++, 0)
  const begun = performance.now()
  const drift = await differences(here, there({ mailboxes: listed.slice(0, 37_500) }))
  const spent = performance.now() - begun
  clearInterval(count)
  expect(drift.counts).toEqual({ 'unknown-here': 25_000, 'unknown-at-dimail': 12_500 })
  expect(turns).toBeGreaterThan(10)
  expect(spent).toBeLessThan(10_000)
})
