import { describe, expect, test } from 'vitest'
import { type Failure, failed } from '../../preload/failure.ts'
import type { DomainRow, DomainsView } from '../../preload/shapes.ts'
import { createDomainsStore } from '../../renderer/domains/store.ts'

type Bridge = Parameters<typeof createDomainsStore>[0]
type List = Awaited<ReturnType<Bridge['domains.list']>>

const row = (index: number): DomainRow => ({
  name: `commune-${index}.example`,
  status: 'enabled',
  failing: [],
  repair: 'nothing',
  since: 0,
  sinceExact: true,
  checkedAt: null,
  attempt: null,
  fetchedAt: 0,
  mailboxes: null,
})

const saved: DomainsView = { text: '', status: 'all', sort: 'name', descending: false, open: null }
const damaged = failed('storage', 'damaged', 'The cache cannot be read.')

/** A main process that answers a page of the list only when told to; the fleet is `row(0)` to `row(total - 1)`. */
function fakeMain(total = 1000, left = saved) {
  const waiting: { offset: number; answer: (reply: List) => void }[] = []
  const written: DomainsView[] = []
  const complaints: Failure[] = []
  let changed = () => {}
  const bridge: Bridge = {
    'view.read': async () => ({ ok: true, value: left }),
    'view.write': async (view) => {
      written.push(view)
      return { ok: true, value: undefined }
    },
    'domains.list': ({ offset }) => new Promise((answer) => waiting.push({ offset, answer })),
    'domains.counts': async () => damaged,
    'domains.names': async () => damaged,
    'fleet.refresh': async () => damaged,
    on(push, listener) {
      if (push === 'domains.changed')
        changed = () => (listener as (value: { names: [] }) => void)({ names: [] })
      return () => {}
    },
  }
  const pageAt = (offset: number, of = total): List => {
    const length = Math.max(0, Math.min(100, of - offset))
    return { ok: true, value: { total: of, rows: Array.from({ length }, (_, index) => row(offset + index)) } }
  }
  const turns = () => new Promise<void>((done) => setImmediate(done))
  return {
    store: createDomainsStore(bridge, (failure) => complaints.push(failure)),
    written,
    complaints,
    changed: () => changed(),
    asked: () => waiting.map(({ offset }) => offset),
    /** Answers what is asked for now, and lets the store take it. */
    async answer(reply: (offset: number) => List = pageAt) {
      await turns()
      for (const { offset, answer } of waiting.splice(0)) answer(reply(offset))
      await turns()
    },
    turns,
    pageAt,
  }
}

async function opened(total?: number) {
  const main = fakeMain(total)
  const restoring = main.store.getState().restore(true)
  await main.answer()
  await restoring
  return main
}

/** Every row is where the list has it. */
function expectRightPlaces(rows: ReadonlyMap<number, DomainRow>) {
  expect([...rows].filter(([index, { name }]) => name !== row(index).name)).toEqual([])
}

describe('the list under the agent', () => {
  test('of who signed in later is plain at once: what is typed while it is read stays', async () => {
    const main = fakeMain(1000, { ...saved, text: 'ce que cherchait un autre', sort: 'since' })
    const restoring = main.store.getState().restore(false)
    await main.turns()
    expect(main.store.getState().view).toEqual({ ...saved, sort: 'since' })
    void main.store.getState().change({ text: 'clairvaux' })
    await main.answer()
    await main.answer()
    await restoring
    expect(main.store.getState().view.text).toBe('clairvaux')
    expect(main.written.map(({ text }) => text)).toEqual(['', 'clairvaux'])
  })

  test('that scrolls while it is read again keeps every row in its place', async () => {
    const main = await opened()
    main.changed()
    main.store.getState().show(500, 530)
    await main.answer()
    await main.answer()
    const { rows } = main.store.getState()
    expectRightPlaces(rows)
    expect(rows.get(515)?.name).toBe('commune-515.example')
  })

  test('keeps a page that came while the others were read again, and asks for it once', async () => {
    const main = await opened()
    main.changed()
    main.store.getState().show(500, 530)
    await main.turns()
    expect(main.asked()).toEqual([0, 500])
    await main.answer()
    expect(main.asked()).toEqual([])
    expect(main.store.getState().rows.get(500)?.name).toBe('commune-500.example')
    expectRightPlaces(main.store.getState().rows)
  })

  test('asks again for a page of a list that has changed its length meanwhile', async () => {
    const main = await opened()
    main.changed()
    main.store.getState().show(500, 530)
    await main.answer((offset) => main.pageAt(offset, offset === 500 ? 1000 : 999))
    expect(main.asked()).toEqual([500])
    await main.answer((offset) => main.pageAt(offset, 999))
    expect(main.store.getState().total).toBe(999)
    expectRightPlaces(main.store.getState().rows)
  })

  test('asks for what is in sight and not there, although the same rows were shown before', async () => {
    const main = await opened()
    main.store.getState().show(500, 530)
    await main.answer(() => damaged)
    expect(main.complaints).toContain(damaged.failure)
    expect(main.store.getState().rows.has(500)).toBe(false)
    main.store.getState().show(500, 530)
    await main.answer()
    expect(main.store.getState().rows.get(500)?.name).toBe('commune-500.example')
  })

  test('throws away the answer to a question that the agent has changed', async () => {
    const main = await opened()
    main.changed()
    const change = main.store.getState().change({ text: 'commune' })
    await main.turns()
    expect(main.asked()).toEqual([0, 0])
    const stale: List = { ok: true, value: { total: 1, rows: [row(7)] } }
    let first = true
    await main.answer((offset) => {
      const reply = first ? stale : main.pageAt(offset)
      first = false
      return reply
    })
    await change
    expect(main.store.getState().total).toBe(1000)
    expectRightPlaces(main.store.getState().rows)
  })
})

describe('the view as it was left', () => {
  test('is not written before it has been read', async () => {
    const main = fakeMain()
    const restoring = main.store.getState().restore(true)
    const change = main.store.getState().change({ text: 'mairie' })
    expect(main.written).toEqual([])
    await main.answer()
    await main.answer()
    await Promise.all([restoring, change])
    await main.store.getState().change({ open: 'commune-1.example' })
    const sought = { ...saved, text: 'mairie' }
    expect(main.written).toEqual([sought, { ...sought, open: 'commune-1.example' }])
  })

  for (const asLeft of [true, false])
    test(`gives way to what is typed while it is read${asLeft ? '' : ', and so does a plain one'}`, async () => {
      const main = fakeMain(1000, { ...saved, text: 'hier', open: 'commune-2.example' })
      const restoring = main.store.getState().restore(asLeft)
      void main.store.getState().change({ text: 'mairie' })
      void main.store.getState().change({ open: null })
      await main.answer()
      await main.answer()
      await restoring
      const open = asLeft ? 'commune-2.example' : null
      expect(main.store.getState().view).toEqual({ ...saved, text: 'mairie', open })
    })

  test('is nobody else’s: what was typed for one profile is not looked for in the next', async () => {
    const main = fakeMain()
    void main.store.getState().restore(true)
    void main.store.getState().change({ text: 'mairie' })
    const restoring = main.store.getState().restore(true)
    await main.answer()
    await main.answer()
    await restoring
    expect(main.store.getState().view.text).toBe('')
  })
})

test('a selection that cannot be made is told', async () => {
  const main = await opened()
  main.complaints.length = 0
  await main.store.getState().toggleAll()
  expect(main.complaints).toEqual([damaged.failure])
  expect(main.store.getState().selection.size).toBe(0)
})
