import { createStore } from 'zustand/vanilla'
import type { Call } from '../../preload/channels.ts'
import type { Agrees } from './ask-first.ts'

type Ask = { id: number; call: Call; input: unknown; answer: (agreed: boolean) => void }

type State = {
  /** What waits for the agent, oldest first: one question at a time. */
  waiting: readonly Ask[]
}
type Actions = {
  ask: Agrees
  answer(id: number, agreed: boolean): void
  /** Nobody is there to agree any more: everything that waits is declined. */
  decline(): void
}

export type Asks = ReturnType<typeof createAsks>

/** The questions of a profile that asks before each change. */
export function createAsks() {
  let asked = 0
  return createStore<State & Actions>()((set, get) => ({
    waiting: [],
    ask: (call, input) =>
      new Promise((answer) => set({ waiting: [...get().waiting, { id: ++asked, call, input, answer }] })),
    answer(id, agreed) {
      const found = get().waiting.find((one) => one.id === id)
      set({ waiting: get().waiting.filter((one) => one.id !== id) })
      found?.answer(agreed)
    },
    decline() {
      const { waiting } = get()
      set({ waiting: [] })
      for (const { answer } of waiting) answer(false)
    },
  }))
}
