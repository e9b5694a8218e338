import { describe, expect, test } from 'vitest'
import type { Bridge } from '../../preload/contract.ts'
import { failed, ok } from '../../preload/failure.ts'
import type { EndpointState, ProvisionPlan } from '../../preload/provisioning-shapes.ts'
import type { Job } from '../../preload/shapes.ts'
import { gaugesOf, gigabytes, levelOf } from '../../renderer/mailboxes/storage.ts'
import { changesOf } from '../../renderer/provisioning/changes.ts'
import { createProvisioningStore, followEndpoint } from '../../renderer/provisioning/store.ts'

describe('what becomes of the attributes of a domain', () => {
  test('entitlements 60: those not given again are told to vanish', () => {
    expect(changesOf({ siret: 'old', x: 1 }, { siret: 'new' })).toEqual([
      { name: 'siret', kind: 'changed', before: 'old', after: 'new' },
      { name: 'x', kind: 'vanishes', before: 1 },
    ])
  })
  test('entitlements 61: none given takes all of them away', () => {
    expect(changesOf({ siret: 'old' }, {})).toEqual([{ name: 'siret', kind: 'vanishes', before: 'old' }])
  })
  test('a domain not known yet gets what is given', () => {
    expect(changesOf(null, { siret: 'new' })).toEqual([{ name: 'siret', kind: 'added', after: 'new' }])
  })
  test('the same is kept, and a number is not its own text', () => {
    expect(changesOf({ a: 1, b: false }, { a: '1', b: false })).toEqual([
      { name: 'a', kind: 'changed', before: 1, after: '1' },
      { name: 'b', kind: 'kept', after: false },
    ])
  })
})

const plan: ProvisionPlan = {
  id: 7,
  counts: { created: 1, replaced: 0, unchanged: 0, error: 0 },
  columns: [],
  file: null,
}
const job: Job = {
  id: 12,
  kind: 'provision',
  state: 'running',
  total: 1,
  done: 0,
  failed: 0,
  startedAt: 0,
  endedAt: null,
}
const off: EndpointState = {
  state: 'off',
  why: 'no-key',
  address: null,
  calls: 0,
  refused: 0,
  lastAt: null,
}

function fakeMain() {
  const answers: {
    preview: Awaited<ReturnType<Bridge['provisioning.preview']>>
    run: Awaited<ReturnType<Bridge['provisioning.run']>>
    endpoint: Awaited<ReturnType<Bridge['provisioning.endpoint']>>
  } = { preview: ok(plan), run: ok(job), endpoint: ok(off) }
  const asked: unknown[] = []
  let push = (_state: EndpointState) => {}
  const bridge: Parameters<typeof createProvisioningStore>[0] & Pick<Bridge, 'on'> = {
    async 'provisioning.preview'(input) {
      asked.push(input)
      return answers.preview
    },
    async 'provisioning.run'(input) {
      asked.push(input)
      return answers.run
    },
    'provisioning.endpoint': async () => answers.endpoint,
    on(name, listener) {
      if (name === 'provisioning.changed') push = listener as (state: EndpointState) => void
      return () => {
        push = () => {}
      }
    },
  }
  return {
    store: createProvisioningStore(bridge),
    bridge,
    answers,
    asked,
    push: (state: EndpointState) => push(state),
  }
}

describe('provisioning', () => {
  test('entitlements 66: the two switches start as Messages takes them', () => {
    const { store } = fakeMain()
    expect(store.getState()).toMatchObject({ oidcAutojoin: true, identitySync: false })
  })

  test('reads what is pasted, or asks for a file, and runs that very plan', async () => {
    const { store, asked } = fakeMain()
    store.getState().write({ text: 'montfleury.example', identitySync: true })
    await store.getState().preview('text')
    expect(asked).toEqual([{ text: 'montfleury.example', oidcAutojoin: true, identitySync: true }])
    expect(store.getState().plan).toEqual(plan)
    expect(await store.getState().run()).toBe(12)
    expect(asked[1]).toEqual({ plan: 7 })
    // Sent once: what was typed is still there, its plan is not.
    expect(store.getState()).toMatchObject({ plan: null, text: 'montfleury.example', busy: null })
    await store.getState().preview('file')
    expect(asked[2]).toMatchObject({ text: null })
  })

  test('what is changed is no longer what was judged', async () => {
    const { store } = fakeMain()
    await store.getState().preview('text')
    store.getState().write({ oidcAutojoin: false })
    expect(store.getState().plan).toBeNull()
    expect(await store.getState().run()).toBeNull()
  })

  test('a file that was not chosen changes nothing, and a refusal keeps what was typed', async () => {
    const { store, answers } = fakeMain()
    store.getState().write({ text: 'x' })
    answers.preview = ok(null)
    await store.getState().preview('file')
    expect(store.getState()).toMatchObject({ plan: null, failure: null, text: 'x' })
    answers.preview = failed('invalid', 'provision-json', 'No domains.')
    await store.getState().preview('text')
    expect(store.getState()).toMatchObject({ text: 'x', failure: { reason: 'provision-json' }, busy: null })
  })

  test('a plan that cannot be run stays, with the reason', async () => {
    const { store, answers } = fakeMain()
    await store.getState().preview('text')
    answers.run = failed('not-possible', 'plan-old', 'Too old.')
    expect(await store.getState().run()).toBeNull()
    expect(store.getState()).toMatchObject({ plan, failure: { reason: 'plan-old' }, busy: null })
  })

  test('follows the endpoint until it is left', async () => {
    const { store, bridge, answers, push } = fakeMain()
    const stop = followEndpoint(bridge, store)
    answers.endpoint = failed('refused', 'role', 'Not you.')
    await store.getState().readEndpoint()
    expect(store.getState()).toMatchObject({ endpoint: null, endpointFailure: { reason: 'role' } })
    const listening: EndpointState = { ...off, state: 'listening', why: null, calls: 1 }
    push(listening)
    expect(store.getState()).toMatchObject({ endpoint: listening, endpointFailure: null })
    stop()
    push(off)
    expect(store.getState().endpoint).toEqual(listening)
  })
})

describe('quotas', () => {
  const gauge = (used: number, max: number | null) => ({ used, max })
  const quota = { answeredAt: 0, stale: false }

  test('entitlements 87: no known limit is no gauge, and zero is none', () => {
    expect(levelOf(gauge(42, null))).toBeNull()
    expect(levelOf(gauge(42, 0))).toBeNull()
    expect(levelOf(null)).toBeNull()
    expect(gaugesOf({ ...quota, mailbox: gauge(42, null), organization: null })).toEqual({
      mailbox: null,
      organization: null,
      locked: false,
    })
  })

  test('entitlements 88: an organisation over its limit locks the mailbox, which has room of its own', () => {
    const told = gaugesOf({ ...quota, mailbox: gauge(1, 10), organization: gauge(11, 10) })
    expect(told.locked).toBe(true)
    expect(told.mailbox).toEqual({ used: 1, max: 10, full: false })
    expect(gaugesOf({ ...quota, mailbox: gauge(1, 10), organization: gauge(9, 10) }).locked).toBe(false)
  })

  test.each([
    [3_200_000_000, 'fr', '3,2\u00a0Go'],
    [5_000_000_000, 'en', '5 GB'],
    [1, 'en', '< 0.01 GB'],
    [0, 'en', '0 GB'],
  ] as const)('%d bytes are told in %s as decimal gigabytes', (bytes, locale, text) => {
    expect(gigabytes(locale, bytes).replaceAll('\u202f', '\u00a0')).toBe(text)
  })
})
