import { describe, expect, test } from 'vitest'
import { type Failure, failed } from '../../preload/failure.ts'
import type { DriftReport, MailboxRow } from '../../preload/mailbox-shapes.ts'
import { createDriftStore } from '../../renderer/mailboxes/drift-store.ts'
import { fieldOf } from '../../renderer/mailboxes/failure-field.ts'
import { suggestedLocalPart } from '../../renderer/mailboxes/local-part.ts'
import { createMailboxesStore } from '../../renderer/mailboxes/store.ts'

type Bridge = Parameters<typeof createMailboxesStore>[0]
type List = Awaited<ReturnType<Bridge['mailboxes.list']>>
type Asked = { domain: string; offset: number; text: string }

const here = 'belmont.example'
const other = 'castelnoir.example'

const row = (index: number, domain = here): MailboxRow => ({
  address: `agent-${index}@${domain}`,
  localPart: `agent-${index}`,
  domain,
  givenName: '',
  surName: '',
  displayName: '',
  kind: 'functional',
  status: 'enabled',
  reason: 'active',
  imap: 'yes',
  smtp: null,
  secondaryEmail: null,
  fetchedAt: 0,
})
const damaged = failed('storage', 'damaged', 'The cache cannot be read.')

/** A main process that answers a page of the list only when told to; a domain has `row(0)` to `row(total - 1)`. */
function fakeMain(total = 1000) {
  const waiting: { asked: Asked; answer: (reply: List) => void }[] = []
  const complaints: Failure[] = []
  let changed = (_domain: string | null) => {}
  let matching: string[] | null = null
  const bridge: Bridge = {
    'mailboxes.list': (asked) => new Promise((answer) => waiting.push({ asked, answer })),
    'mailboxes.addresses': async () => (matching ? { ok: true, value: matching } : damaged),
    on(push, listener) {
      if (push === 'mailboxes.changed')
        changed = (domain) => (listener as (value: { domain: string | null }) => void)({ domain })
      return () => {}
    },
  }
  const pageAt = ({ domain, offset }: Asked, of = total): List => {
    const length = Math.max(0, Math.min(100, of - offset))
    const rows = Array.from({ length }, (_, index) => row(offset + index, domain))
    return { ok: true, value: { total: of, all: of, fetchedAt: 1, rows } }
  }
  const turns = () => new Promise<void>((done) => setImmediate(done))
  return {
    store: createMailboxesStore(bridge, (failure) => complaints.push(failure)),
    complaints,
    changed: (domain: string | null) => changed(domain),
    match: (addresses: string[]) => {
      matching = addresses
    },
    asked: () => waiting.map(({ asked }) => asked.offset),
    /** Answers what is asked for now, and lets the store take it. */
    async answer(reply: (asked: Asked) => List = pageAt) {
      await turns()
      for (const { asked, answer } of waiting.splice(0)) answer(reply(asked))
      await turns()
    },
    turns,
    pageAt,
  }
}

async function opened(total?: number) {
  const main = fakeMain(total)
  const opening = main.store.getState().open(here)
  await main.answer()
  await opening
  return main
}

/** Every row is where the list has it. */
function expectRightPlaces(rows: ReadonlyMap<number, MailboxRow>) {
  expect([...rows].filter(([index, { address }]) => address !== row(index).address)).toEqual([])
}

describe('the mailboxes under the agent', () => {
  test('that are scrolled while they are read again keep their places', async () => {
    const main = await opened()
    main.changed(here)
    main.store.getState().show(500, 530)
    await main.answer()
    await main.answer()
    const { rows } = main.store.getState()
    expectRightPlaces(rows)
    expect(rows.get(515)?.address).toBe(row(515).address)
  })

  test('are asked again for a page of a list that has changed its length meanwhile', async () => {
    const main = await opened()
    main.changed(null)
    main.store.getState().show(500, 530)
    await main.answer((asked) => main.pageAt(asked, asked.offset === 500 ? 1000 : 999))
    expect(main.asked()).toEqual([500])
    await main.answer((asked) => main.pageAt(asked, 999))
    expect(main.store.getState().total).toBe(999)
    expectRightPlaces(main.store.getState().rows)
  })

  test('of another domain never stand in this one, however late they come', async () => {
    const main = fakeMain()
    const first = main.store.getState().open(other)
    const second = main.store.getState().open(here)
    await main.answer((asked) => main.pageAt(asked, asked.domain === other ? 7 : 1000))
    await Promise.all([first, second])
    expect(main.store.getState().total).toBe(1000)
    expectRightPlaces(main.store.getState().rows)
  })

  test('are not read again for a change in another domain', async () => {
    const main = await opened()
    main.changed(other)
    await main.turns()
    expect(main.asked()).toEqual([])
  })

  test('keep the keyboard on the same mailbox when rows come before it', async () => {
    const main = await opened(3)
    main.store.getState().activate(1)
    main.changed(here)
    const rows = [row(9), row(0), row(1), row(2)]
    await main.answer(() => ({ ok: true, value: { total: 4, all: 4, fetchedAt: 2, rows } }))
    expect(main.store.getState().active).toBe(2)
  })

  test('that cannot be read say so in their place, and are there again when they can', async () => {
    const main = await opened()
    main.changed(here)
    await main.answer(() => damaged)
    expect(main.store.getState()).toMatchObject({ status: 'failed', failure: damaged.failure })
    main.changed(here)
    await main.answer()
    expect(main.store.getState()).toMatchObject({ status: 'ready', failure: null, total: 1000 })
  })
})

describe('a selection', () => {
  test('of all that match adds them, then takes them away, and leaves the others', async () => {
    const main = await opened()
    main.store.getState().toggle('kept@belmont.example')
    main.match([row(1).address, row(2).address])
    await main.store.getState().toggleAll()
    expect([...main.store.getState().selection]).toEqual([
      'kept@belmont.example',
      row(1).address,
      row(2).address,
    ])
    await main.store.getState().toggleAll()
    expect([...main.store.getState().selection]).toEqual(['kept@belmont.example'])
  })

  test('that cannot be made is told', async () => {
    const main = await opened()
    await main.store.getState().toggleAll()
    expect(main.complaints).toEqual([damaged.failure])
    expect(main.store.getState().selection.size).toBe(0)
  })

  test('does not follow the agent to another domain', async () => {
    const main = await opened()
    main.store.getState().toggle(row(1).address)
    const opening = main.store.getState().open(other)
    await main.answer()
    await opening
    expect(main.store.getState().selection.size).toBe(0)
  })
})

const report: DriftReport = {
  id: 1,
  domain: here,
  at: 1_000_000,
  version: 2,
  mailboxes: 3,
  aliases: 0,
  counts: { 'unknown-here': 3 },
  toImport: 3,
  shrunk: false,
}
const minute = 60_000

function driftOn(replies: { compare?: Failure; take?: Failure } = {}) {
  const calls: string[] = []
  const store = createDriftStore({
    'drift.compare': async ({ domain }) => {
      calls.push(`compare ${domain}`)
      return replies.compare
        ? { ok: false, failure: replies.compare }
        : { ok: true, value: { ...report, domain } }
    },
    'drift.import': async ({ domain, acceptShrink }) => {
      calls.push(`import ${domain} ${acceptShrink}`)
      if (replies.take) return { ok: false, failure: replies.take }
      return { ok: true, value: { added: 3, changed: 0, gone: 0, unchanged: 0, skipped: 0 } }
    },
  })
  return { store, calls }
}

describe('the comparison with dimail', () => {
  test('is made unasked when the list is older than ten minutes or was never read, and not before', async () => {
    const { store, calls } = driftOn()
    await store.getState().refresh(here, 0, 10 * minute)
    expect(calls).toEqual([])
    await store.getState().refresh(here, 0, 10 * minute + 1)
    expect(calls).toEqual([`compare ${here}`])
    await store.getState().refresh(other, null, 60 * minute)
    expect(calls).toEqual([`compare ${here}`, `compare ${other}`])
  })

  test('is not made again while its report is fresh', async () => {
    const { store, calls } = driftOn()
    await store.getState().refresh(here, 0, report.at)
    await store.getState().refresh(here, 0, report.at + minute)
    expect(calls).toHaveLength(1)
  })

  test('says why it failed only when the agent asked for it', async () => {
    const { store } = driftOn({ compare: damaged.failure })
    await store.getState().refresh(here, null, 60 * minute)
    expect(store.getState().failure).toBeNull()
    await store.getState().compare(here)
    expect(store.getState()).toMatchObject({ failure: damaged.failure, comparing: false })
  })

  test('leaves no report of one domain on the page of another', async () => {
    const { store } = driftOn()
    await store.getState().compare(here)
    const next = store.getState().compare(other)
    expect(store.getState().report).toBeNull()
    await next
    expect(store.getState().report?.domain).toBe(other)
  })

  test('faults 52: a list that has shrunk is imported with what the agent said of it, and stays when refused', async () => {
    const { store, calls } = driftOn({ take: damaged.failure })
    await store.getState().compare(here)
    await store.getState().take(true)
    expect(calls.at(-1)).toBe(`import ${here} true`)
    expect(store.getState()).toMatchObject({ failure: damaged.failure, importing: false, imported: null })
    expect(store.getState().report).not.toBeNull()
  })

  test('gives way to what the import did', async () => {
    const { store } = driftOn()
    await store.getState().compare(here)
    await store.getState().take(false)
    expect(store.getState()).toMatchObject({ report: null, imported: { added: 3 } })
  })
})

describe('a local part', () => {
  test.each([
    ['Éloïse', 'Bœuf', 'eloise.boeuf'],
    ['Jean Paul', "D'Artois", 'jean-paul.dartois'],
    ['Anne-Marie', '', 'anne-marie'],
    ['  Zoé ', ' Le Goff ', 'zoe.le-goff'],
    ['Œdipe', 'Straße', 'oedipe.strasse'],
    ['Юлия', '', ''],
  ])('suggested for %s %s is %s', (givenName, surName, suggested) => {
    expect(suggestedLocalPart(givenName, surName)).toBe(suggested)
  })
})

describe('a failure of main', () => {
  test.each([
    ['invalid', 'given-name', 'givenName'],
    ['invalid', 'surname', 'surName'],
    ['invalid', 'local-dots', 'localPart'],
    ['invalid', 'secondary-own', 'secondaryEmail'],
    ['conflict', 'display-name', 'displayName'],
    ['conflict', 'address-known', 'localPart'],
    ['conflict', 'changed', null],
    ['offline', 'local-dots', null],
  ] as const)('%s/%s is said at %s', (code, reason, field) => {
    expect(fieldOf(failed(code, reason, 'No.').failure)).toBe(field)
  })
})
