import { createStore } from 'zustand/vanilla'
import type { Input, Output } from '../../preload/contract.ts'
import type { Failure } from '../../preload/failure.ts'
import type { ProfileServer, ServerTest } from '../../preload/profile-shapes.ts'
import type { Bridge } from '../bridge.ts'
import { draftOf, draftToTest, type ProfileValues, secretsOf } from './values.ts'

/** What a server answered, and to which question: of another one it says nothing. */
export type Trial = { question: string } & (
  | { state: 'asking' }
  | { state: 'told'; facts: ServerTest['facts'] }
  | { state: 'failed'; failure: Failure }
)

type State = {
  /** The profile that is being changed, and which of its secrets are known. */
  read: Output<'profiles.read'> | null
  readFailure: Failure | null
  trials: Partial<Record<ProfileServer, Trial>>
  busy: 'saving' | 'removing' | 'exporting' | null
  /** Why it was not saved, removed or exported: what was typed stays. */
  failure: Failure | null
}

type Actions = {
  open(id: string): Promise<void>
  test(server: ProfileServer, id: string | null, values: ProfileValues): Promise<void>
  /** True when it is saved. */
  save(id: string | null, values: ProfileValues): Promise<boolean>
  remove(id: string): Promise<boolean>
  /** The file that was written; null when there is none. */
  export(id: string): Promise<string | null>
}

type Slice = Pick<Bridge, 'profiles.read' | 'profiles.test' | 'profiles.export'>
/** What changes the list of profiles, which the whole console shows. */
type Console = {
  saveProfile(input: Input<'profiles.save'>): Promise<Failure | null>
  removeProfile(id: string): Promise<Failure | null>
}

export type ProfileStore = ReturnType<typeof createProfileStore>

/** What a test of a server would ask: an answer to another question is not shown. */
export function questionOf(server: ProfileServer, id: string | null, values: ProfileValues) {
  return { server, id, draft: draftToTest(values, server), secrets: secretsOf(values) }
}

/** A text that two questions share only when they ask the same of the same server. */
export const signOf = (question: ReturnType<typeof questionOf>): string => JSON.stringify(question)

/** One profile while it is being written: read, tried server by server, saved. */
export function createProfileStore(bridge: Slice, app: Console) {
  return createStore<State & Actions>()((set, get) => {
    const put = (server: ProfileServer, trial: Trial) => set({ trials: { ...get().trials, [server]: trial } })

    return {
      read: null,
      readFailure: null,
      trials: {},
      busy: null,
      failure: null,
      async open(id) {
        const reply = await bridge['profiles.read']({ id })
        if (reply.ok) set({ read: reply.value, readFailure: null })
        else set({ readFailure: reply.failure })
      },
      async test(server, id, values) {
        const input = questionOf(server, id, values)
        const question = signOf(input)
        put(server, { question, state: 'asking' })
        const reply = await bridge['profiles.test'](input)
        // Another question has been asked of this server since.
        if (get().trials[server]?.question !== question) return
        put(
          server,
          reply.ok
            ? { question, state: 'told', facts: reply.value.facts }
            : { question, state: 'failed', failure: reply.failure },
        )
      },
      async save(id, values) {
        set({ busy: 'saving', failure: null })
        const failure = await app.saveProfile({ id, draft: draftOf(values), secrets: secretsOf(values) })
        set({ busy: null, failure })
        return failure === null
      },
      async remove(id) {
        set({ busy: 'removing', failure: null })
        const failure = await app.removeProfile(id)
        set({ busy: null, failure })
        return failure === null
      },
      async export(id) {
        set({ busy: 'exporting', failure: null })
        const reply = await bridge['profiles.export']({ id })
        set({ busy: null, failure: reply.ok ? null : reply.failure })
        return reply.ok ? (reply.value?.file ?? null) : null
      },
    }
  })
}
