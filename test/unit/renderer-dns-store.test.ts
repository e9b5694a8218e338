import { describe, expect, test } from 'vitest'
import type { DnsState } from '../../preload/dns-shapes.ts'
import { failed } from '../../preload/failure.ts'
import { createDnsStore, diagnosisFreshForMs } from '../../renderer/dns/store.ts'
import { createWatchesStore } from '../../renderer/dns/watches-store.ts'
import { diagnosed, diagnosis, known, town } from '../fakes/dns-said.ts'

type Slice = Parameters<typeof createDnsStore>[0]
type Answer = Awaited<ReturnType<Slice['dns.read']>>
const answered = (value: DnsState): Answer => ({ ok: true, value })
const offline = failed('offline', 'other', 'Nothing answers.')

const at = (when: number) => known(diagnosis([diagnosed('mx', 'correct')], { at: when }))
const watched = (domain = town): NonNullable<DnsState['watch']> => ({
  domain,
  by: 'agent',
  since: 0,
  state: 'waiting',
  agreed: 0,
  lastAt: null,
  nextAt: 60_000,
  toldAt: null,
})

/** A main process that answers what is asked of it only when told to. */
function fakeMain() {
  const asked: { call: string; name: string; answer: (reply: Answer) => void }[] = []
  const listeners = new Map<string, (value: never) => void>()
  const calling =
    (call: string) =>
    ({ name }: { name: string }) =>
      new Promise<Answer>((answer) => asked.push({ call, name, answer }))
  const bridge: Slice = {
    'dns.read': calling('read'),
    'dns.diagnose': calling('diagnose'),
    'dns.watch': calling('watch'),
    'dns.unwatch': calling('unwatch'),
    on(push, listener) {
      listeners.set(push, listener)
      return () => {}
    },
  }
  const turns = () => new Promise<void>((done) => setImmediate(done))
  return {
    store: createDnsStore(bridge),
    waiting: () => asked.map(({ call, name }) => `${call} ${name}`),
    /** Answers the oldest question of this name. */
    async answer(call: string, reply: Answer) {
      const index = asked.findIndex((one) => one.call === call)
      const [one] = asked.splice(index, 1)
      one?.answer(reply)
      await turns()
    },
    push(push: 'dns.changed' | 'domains.changed', value: object) {
      listeners.get(push)?.(value as never)
    },
  }
}

async function opened(dns: DnsState) {
  const main = fakeMain()
  void main.store.getState().open(town)
  await main.answer('read', answered(dns))
  return main
}

describe('the DNS of the domain that is open', () => {
  test.each([
    ['was never asked', known(null), true],
    ['was asked more than five minutes ago', at(0), true],
    ['was asked five minutes ago', at(1), false],
  ])('field N1: that %s is read first, and asked unasked when it is old', async (_title, dns, isAsked) => {
    const main = await opened(dns)
    expect(main.store.getState().dns).toEqual(dns)
    void main.store.getState().refresh(diagnosisFreshForMs + 1)
    expect(main.waiting()).toEqual(isAsked ? [`diagnose ${town}`] : [])
  })

  test('field N1: that cannot be asked stays readable, and is not asked over and over', async () => {
    const main = await opened(at(0))
    void main.store.getState().refresh(diagnosisFreshForMs * 2)
    await main.answer('diagnose', offline)
    expect(main.store.getState()).toMatchObject({ dns: at(0), failure: offline.failure, busy: null })
    void main.store.getState().refresh(diagnosisFreshForMs * 3)
    expect(main.waiting()).toEqual([])
    void main.store.getState().ask()
    expect(main.waiting()).toEqual([`diagnose ${town}`])
    await main.answer('diagnose', answered(at(9)))
    expect(main.store.getState()).toMatchObject({ dns: at(9), failure: null, asked: true })
  })

  test('is asked once at a time', async () => {
    const main = await opened(at(0))
    void main.store.getState().ask()
    void main.store.getState().ask()
    expect(main.waiting()).toEqual([`diagnose ${town}`])
  })

  test('field N11: is pinned while its servers are asked, and what they say is not lost for it', async () => {
    const main = await opened(at(0))
    void main.store.getState().ask()
    void main.store.getState().watch(true)
    void main.store.getState().watch(true)
    expect(main.waiting()).toEqual([`diagnose ${town}`, `watch ${town}`])
    await main.answer('diagnose', answered(at(9)))
    await main.answer('watch', answered({ ...at(0), watch: watched() }))
    expect(main.store.getState()).toMatchObject({ busy: null, watching: false, asked: true })
    expect(main.store.getState().dns).toEqual({ ...at(9), watch: watched() })
  })

  test('field N11: that cannot be pinned says why, and is asked all the same', async () => {
    const main = await opened(at(0))
    void main.store.getState().ask()
    void main.store.getState().watch(true)
    await main.answer('watch', offline)
    expect(main.store.getState()).toMatchObject({ busy: 'asking', watching: false, failure: offline.failure })
  })

  test('is read again when main says that it changed, and never replaced by an older answer', async () => {
    const main = await opened(at(0))
    main.push('dns.changed', { domain: 'castelnoir.example' })
    expect(main.waiting()).toEqual([])
    main.push('dns.changed', { domain: town })
    void main.store.getState().ask()
    await main.answer('diagnose', answered(at(9)))
    await main.answer('read', answered(at(0)))
    expect(main.store.getState().dns).toEqual(at(9))
    main.push('domains.changed', { names: [] })
    expect(main.waiting()).toEqual([`read ${town}`])
  })

  test('is never shown for another domain', async () => {
    const main = await opened(at(0))
    void main.store.getState().ask()
    void main.store.getState().open('castelnoir.example')
    expect(main.store.getState()).toMatchObject({ name: 'castelnoir.example', dns: null, busy: null })
    await main.answer('diagnose', answered(at(9)))
    expect(main.store.getState().dns).toBeNull()
  })

  test('that cannot be read at all says why', async () => {
    const main = fakeMain()
    void main.store.getState().open(town)
    await main.answer('read', offline)
    expect(main.store.getState()).toMatchObject({ dns: null, missing: offline.failure })
  })

  test('field N11: is pinned and unpinned', async () => {
    const main = await opened(at(0))
    void main.store.getState().watch(true)
    expect(main.store.getState().watching).toBe(true)
    await main.answer('watch', answered({ ...at(0), watch: watched() }))
    expect(main.store.getState()).toMatchObject({ watching: false, asked: false, dns: { watch: watched() } })
    void main.store.getState().watch(false)
    await main.answer('unwatch', answered(at(0)))
    expect(main.store.getState().dns?.watch).toBeNull()
  })
})

describe('the domains that wait for DNS', () => {
  function fakeWatches() {
    let pinned = [watched(), watched('castelnoir.example')]
    let refuses = false
    let readings = 0
    let changed = () => {}
    const store = createWatchesStore({
      'dns.watches': async () => {
        readings++
        return refuses ? offline : { ok: true, value: pinned }
      },
      'dns.unwatch': async ({ name }) => {
        if (refuses) return offline
        pinned = pinned.filter(({ domain }) => domain !== name)
        return answered(known(null))
      },
      on(push, listener) {
        if (push === 'dns.changed')
          changed = () => (listener as (value: { domain: string }) => void)({ domain: town })
        return () => {}
      },
    })
    return {
      store,
      refuse: () => {
        refuses = true
      },
      changed: () => changed(),
      readings: () => readings,
    }
  }

  test('field N11: are read when asked for, and again when one changes', async () => {
    const main = fakeWatches()
    main.changed()
    expect(main.readings()).toBe(0)
    await main.store.getState().load()
    main.changed()
    expect(main.readings()).toBe(2)
    expect(main.store.getState().watches?.map(({ domain }) => domain)).toEqual([town, 'castelnoir.example'])
  })

  test('field N11: lose the one that is unpinned', async () => {
    const main = fakeWatches()
    await main.store.getState().load()
    expect(await main.store.getState().unpin(town)).toBeNull()
    expect(main.store.getState().watches?.map(({ domain }) => domain)).toEqual(['castelnoir.example'])
  })

  test('field N11: stay as they are read when nothing can be said of them now', async () => {
    const main = fakeWatches()
    await main.store.getState().load()
    main.refuse()
    expect(await main.store.getState().unpin(town)).toEqual(offline.failure)
    await main.store.getState().load()
    expect(main.store.getState()).toMatchObject({ failure: offline.failure })
    expect(main.store.getState().watches).toHaveLength(2)
  })
})
