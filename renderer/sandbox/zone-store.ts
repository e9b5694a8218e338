import { createStore } from 'zustand/vanilla'
import type { SandboxZone } from '../../preload/dns-shapes.ts'
import type { Failure } from '../../preload/failure.ts'
import type { Bridge } from '../bridge.ts'

export type DraftRecord = SandboxZone['records'][number] & { id: number }
/** What the agent wants published; `id` tells two rows apart that say the same. */
export type Draft = Pick<SandboxZone, 'delegated' | 'servers'> & { records: readonly DraftRecord[] }

type State = {
  /** As it is typed. */
  typed: string
  /** The domain whose zone is open, and what the sandbox publishes of it; null: none. */
  zone: SandboxZone | null
  /** What was changed and not published, by domain: it outlives the page and any call that fails. */
  drafts: ReadonlyMap<string, Draft>
  busy: 'opening' | 'publishing' | 'healing' | null
  failure: Failure | null
  done: 'published' | 'healed' | null
}

type Actions = {
  type(text: string): void
  /** Shows the zone of the domain that is typed, and what was left unpublished of it. */
  open(): Promise<void>
  /** Reads the open zone again: another sandbox, or one made as new, publishes something else. */
  refresh(): Promise<void>
  change(draft: Partial<Omit<Draft, 'records'>>): void
  changeRecord(id: number, record: Partial<Omit<DraftRecord, 'id'>>): void
  /** A new empty record, and its id. */
  add(): number | null
  remove(id: number): void
  discard(): void
  publish(): Promise<void>
  /** Publishes the right records in place of what is there. */
  heal(): Promise<void>
}

type Slice = Pick<Bridge, 'sandbox.zone' | 'sandbox.publish' | 'sandbox.heal'>

export type ZoneStore = ReturnType<typeof createZoneStore>

/** What the editor shows of the open zone; null: none is open. */
export function draftOf({ zone, drafts }: Pick<State, 'zone' | 'drafts'>): Draft | null {
  return zone === null ? null : (drafts.get(zone.domain) ?? draftFrom(zone))
}

const draftFrom = ({ delegated, servers, records }: SandboxZone): Draft => ({
  delegated,
  servers,
  records: records.map((record, id) => ({ ...record, id })),
})

const bare = ({ delegated, servers, records }: Draft) => ({
  delegated,
  servers,
  records: records.map(({ target, type, value }) => ({ target, type, value })),
})

/** Whether something is unpublished. */
export const isChanged = ({ zone, drafts }: Pick<State, 'zone' | 'drafts'>): boolean =>
  zone !== null && drafts.has(zone.domain)

/** The zones of the sandbox, as an agent edits them in a town's place. */
export function createZoneStore(bridge: Slice) {
  let turn = 0
  return createStore<State & Actions>()((set, get) => {
    function keep(draft: Draft): void {
      const { zone, drafts } = get()
      if (zone === null) return
      const others = new Map(drafts)
      const isSame = JSON.stringify(bare(draft)) === JSON.stringify(bare(draftFrom(zone)))
      if (isSame) others.delete(zone.domain)
      else others.set(zone.domain, draft)
      set({ drafts: others, done: null, failure: null })
    }
    function edit(change: (draft: Draft) => Draft): void {
      const draft = draftOf(get())
      if (draft !== null) keep(change(draft))
    }
    async function read(domain: string): Promise<void> {
      const mine = ++turn
      set({ busy: 'opening', failure: null, done: null })
      const reply = await bridge['sandbox.zone']({ domain })
      if (mine !== turn) return
      set(reply.ok ? { busy: null, zone: reply.value } : { busy: null, failure: reply.failure })
    }
    /** What was published is no draft any more; what was typed meanwhile still is. */
    function published(zone: SandboxZone, done: State['done'], sent: Draft | undefined): void {
      const others = new Map(get().drafts)
      if (others.get(zone.domain) === sent) others.delete(zone.domain)
      const isOpen = get().zone?.domain === zone.domain
      set({ drafts: others, busy: null, ...(isOpen && { zone, done }) })
    }

    return {
      typed: '',
      zone: null,
      drafts: new Map(),
      busy: null,
      failure: null,
      done: null,
      type: (typed) => set({ typed }),
      async open() {
        const domain = get().typed.trim()
        if (domain !== '' && get().busy === null) await read(domain)
      },
      async refresh() {
        const { zone, busy } = get()
        if (zone !== null && busy === null) await read(zone.domain)
      },
      change: (change) => edit((draft) => ({ ...draft, ...change })),
      changeRecord: (id, change) =>
        edit((draft) => ({
          ...draft,
          records: draft.records.map((record) => (record.id === id ? { ...record, ...change } : record)),
        })),
      add() {
        const draft = draftOf(get())
        if (draft === null) return null
        const id = Math.max(-1, ...draft.records.map((record) => record.id)) + 1
        keep({ ...draft, records: [...draft.records, { id, target: '', type: 'txt', value: '' }] })
        return id
      },
      remove: (id) =>
        edit((draft) => ({ ...draft, records: draft.records.filter((record) => record.id !== id) })),
      discard() {
        const { zone } = get()
        if (zone !== null) keep(draftFrom(zone))
      },
      async publish() {
        const { zone, busy } = get()
        const draft = draftOf(get())
        if (zone === null || draft === null || busy !== null) return
        set({ busy: 'publishing', failure: null, done: null })
        const { delegated, servers, records } = bare(draft)
        const wanted = { domain: zone.domain, delegated, servers, records }
        const reply = await bridge['sandbox.publish'](wanted)
        if (!reply.ok) return set({ busy: null, failure: reply.failure })
        published(reply.value, 'published', draft)
      },
      async heal() {
        const { zone, drafts, busy } = get()
        if (zone === null || busy !== null) return
        set({ busy: 'healing', failure: null, done: null })
        const { domain } = zone
        const reply = await bridge['sandbox.heal']({ domain })
        const read = reply.ok ? await bridge['sandbox.zone']({ domain }) : reply
        if (!read.ok) return set({ busy: null, failure: read.failure })
        published(read.value, 'healed', drafts.get(domain))
      },
    }
  })
}
