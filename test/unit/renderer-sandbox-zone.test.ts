import { expect, test } from 'vitest'
import type { SandboxZone } from '../../preload/dns-shapes.ts'
import { failed } from '../../preload/failure.ts'
import { createZoneStore, draftOf, isChanged } from '../../renderer/sandbox/zone-store.ts'

const town = 'montfleury.example'
const mx = { target: '', type: 'mx', value: '10 mx.ailleurs.example.' }
const zoneOf = (domain: string, records = [mx]): SandboxZone => ({
  ...{ domain, delegated: true, records, host: 'Gandi' },
  servers: [{ name: 'ns-17-a.gandi.net', mode: 'right' }],
})

/** A sandbox that publishes what it is given, unless it is stopped; `hold` keeps its answers back. */
function fakeSandbox() {
  const zones = new Map([town, 'castelnoir.example'].map((name) => [name, zoneOf(name)]))
  const state = { stopped: false }
  let held = Promise.resolve()
  let letGo = () => {}
  async function answer<T>(value: () => T) {
    await held
    if (state.stopped) return failed('not-possible', 'sandbox-stopped', 'The sandbox is stopped.')
    return { ok: true as const, value: value() }
  }
  const read = (domain: string) => zones.get(domain) ?? zoneOf(domain, [])
  const running = { state: 'running', address: null, dialect: '0.6.7', latencyMs: 0, quirks: [] } as const
  const store = createZoneStore({
    'sandbox.zone': ({ domain }) => answer(() => read(domain)),
    'sandbox.publish': ({ domain, ...wanted }) =>
      answer(() => {
        zones.set(domain, { ...read(domain), ...wanted })
        return read(domain)
      }),
    'sandbox.heal': ({ domain }) =>
      answer(() => {
        zones.set(domain, zoneOf(domain, [{ ...mx, value: 'mx.ox.numerique.example.' }]))
        return { ...running, quirks: [], deployCenter: 'normal' as const }
      }),
  })
  const open = async (name: string) => {
    store.getState().type(` ${name} `)
    await store.getState().open()
  }
  return {
    ...{ store, zones, state, open },
    records: () =>
      draftOf(store.getState())?.records.map(({ target, type, value }) => ({ target, type, value })),
    hold() {
      held = new Promise((resolve) => {
        letGo = resolve
      })
      return () => letGo()
    },
  }
}

test('a zone that is opened is shown as published, without a change', async () => {
  const { store, open, records } = fakeSandbox()
  await open(town)
  expect([records(), isChanged(store.getState()), store.getState().zone?.host]).toEqual([
    [mx],
    false,
    'Gandi',
  ])
})

test('rows are changed, added and removed; what is put back is no change', async () => {
  const { store, open, records } = fakeSandbox()
  await open(town)
  const { changeRecord, add, remove, change } = store.getState()
  changeRecord(0, { value: 'x.example.' })
  expect([records(), isChanged(store.getState())]).toEqual([[{ ...mx, value: 'x.example.' }], true])
  changeRecord(0, { value: mx.value })
  expect(isChanged(store.getState())).toBe(false)
  const [first, second] = [add(), add()]
  expect(first).not.toBe(second)
  remove(first ?? 0)
  expect(records()).toEqual([mx, { target: '', type: 'txt', value: '' }])
  change({ delegated: false })
  store.getState().discard()
  expect([records(), isChanged(store.getState())]).toEqual([[mx], false])
})

test('what was not published is there again after another domain, and after the sandbox was away', async () => {
  const { store, open, records, state } = fakeSandbox()
  await open(town)
  store.getState().changeRecord(0, { value: 'mine.example.' })
  await open('castelnoir.example')
  expect(records()).toEqual([mx])
  await open(town)
  state.stopped = true
  await store.getState().publish()
  expect(store.getState()).toMatchObject({ failure: { reason: 'sandbox-stopped' }, busy: null, done: null })
  await store.getState().refresh()
  expect(records()).toEqual([{ ...mx, value: 'mine.example.' }])
  state.stopped = false
  await store.getState().publish()
  expect(store.getState()).toMatchObject({ failure: null, done: 'published' })
  expect(isChanged(store.getState())).toBe(false)
})

test('what is typed while it is published stays unpublished', async () => {
  const { store, open, records, zones, hold } = fakeSandbox()
  await open(town)
  store.getState().changeRecord(0, { value: 'sent.example.' })
  const letGo = hold()
  const publishing = store.getState().publish()
  store.getState().changeRecord(0, { value: 'typed.example.' })
  letGo()
  await publishing
  expect(zones.get(town)?.records).toEqual([{ ...mx, value: 'sent.example.' }])
  expect([records(), isChanged(store.getState())]).toEqual([[{ ...mx, value: 'typed.example.' }], true])
})

test('the right records take the place of what was typed', async () => {
  const { store, open, records } = fakeSandbox()
  await open(town)
  store.getState().changeRecord(0, { value: 'mine.example.' })
  await store.getState().heal()
  expect(records()).toEqual([{ ...mx, value: 'mx.ox.numerique.example.' }])
  expect([isChanged(store.getState()), store.getState().done]).toEqual([false, 'healed'])
})

test('without a domain nothing is opened, changed or published', async () => {
  const { store } = fakeSandbox()
  const { open, add, remove, publish, heal, refresh, discard } = store.getState()
  await Promise.all([open(), publish(), heal(), refresh()])
  remove(0)
  discard()
  expect([add(), draftOf(store.getState()), isChanged(store.getState())]).toEqual([null, null, false])
})
