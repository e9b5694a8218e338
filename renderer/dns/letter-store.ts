import { createStore } from 'zustand/vanilla'
import type { DnsLetter, letterFormats } from '../../preload/dns-shapes.ts'
import type { Failure } from '../../preload/failure.ts'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import type { Locale } from '../../preload/shapes.ts'
import type { Bridge } from '../bridge.ts'

export type LetterFormat = (typeof letterFormats)[number]

/** What the agent chose and typed. `to` null: the town's own address, as far as it is known. */
export type Draft = { locale: Locale; to: string | null; note: string }

/** What was just done with the letter. */
export type Done =
  | { what: 'composed'; copied: boolean }
  | { what: 'sent'; mail: MailOutcome }
  | { what: 'saved'; file: string }
  | { what: 'copied'; as: 'text' | 'markdown' }

type State = {
  /** The domain whose letter is on the table; null: none. */
  domain: string | null
  /** What was typed for each domain: it outlives the dialog, and any call that fails. */
  drafts: ReadonlyMap<string, Draft>
  /** The letter as main wrote it, from the draft `of`. */
  letter: { of: Draft; text: DnsLetter } | null
  busy: 'composing' | 'sending' | 'saving' | 'copying' | null
  /** Why the letter could not be written. */
  unwritten: Failure | null
  /** Why the last act failed. */
  failure: Failure | null
  done: Done | null
}

type Actions = {
  /** Takes up the letter of a domain, where it was left; `locale` is the language of a first draft. */
  open(domain: string, locale: Locale): Promise<void>
  close(): void
  change(draft: Partial<Draft>): void
  /** Has main write the letter of the draft as it is now. */
  write(): Promise<void>
  compose(): Promise<void>
  send(): Promise<void>
  save(format: LetterFormat): Promise<void>
  copy(as: 'text' | 'markdown'): Promise<void>
}

type Slice = Pick<
  Bridge,
  'dns.letter' | 'dns.saveLetter' | 'dns.composeLetter' | 'dns.sendLetter' | 'clipboard.write'
>

export type LetterStore = ReturnType<typeof createLetterStore>

/** The draft of a domain, when one is open. */
export const draftOf = ({ domain, drafts }: Pick<State, 'domain' | 'drafts'>): Draft | null =>
  domain === null ? null : (drafts.get(domain) ?? null)

/** Whom the letter goes to: whom the agent typed, else the town's own address. */
export const recipientOf = (state: Pick<State, 'domain' | 'drafts' | 'letter'>): string =>
  (draftOf(state)?.to ?? state.letter?.text.to ?? '').trim()

const nothing = { letter: null, busy: null, unwritten: null, failure: null, done: null }

/** The letter to the town: written by main, sent by nobody but the agent. */
export function createLetterStore(bridge: Slice) {
  let turn = 0
  return createStore<State & Actions>()((set, get) => {
    async function write(): Promise<void> {
      const { domain } = get()
      const draft = draftOf(get())
      if (domain === null || draft === null) return
      const mine = ++turn
      const reply = await bridge['dns.letter']({ name: domain, locale: draft.locale, note: draft.note })
      if (mine !== turn || domain !== get().domain) return
      set(
        reply.ok
          ? { letter: { of: draft, text: reply.value }, unwritten: null }
          : { unwritten: reply.failure },
      )
    }
    type What = { name: string; locale: Locale; note: string; to: string }
    type Came = Promise<{ ok: true; done: Done | null } | { ok: false; failure: Failure }>
    /** Does one thing with the letter of the draft as it is now, unless another is under way. */
    async function run(busy: State['busy'], act: (what: What) => Came): Promise<void> {
      const { domain } = get()
      const draft = draftOf(get())
      if (domain === null || draft === null || get().busy !== null) return
      set({ busy, failure: null, done: null })
      const { locale, note } = draft
      const came = await act({ name: domain, locale, note, to: recipientOf(get()) })
      if (domain !== get().domain) return
      set(came.ok ? { busy: null, done: came.done } : { busy: null, failure: came.failure })
    }

    return {
      domain: null,
      drafts: new Map(),
      ...nothing,
      async open(domain, locale) {
        const { drafts } = get()
        const draft = drafts.get(domain) ?? { locale, to: null, note: '' }
        set({ domain, ...nothing, drafts: new Map(drafts).set(domain, draft) })
        await write()
      },
      close() {
        turn++
        set({ domain: null, ...nothing })
      },
      change(draft) {
        const { domain, drafts } = get()
        const before = draftOf(get())
        if (domain === null || before === null) return
        set({ drafts: new Map(drafts).set(domain, { ...before, ...draft }), done: null })
      },
      write,
      compose: () =>
        run('composing', async (what) => {
          const reply = await bridge['dns.composeLetter'](what)
          return reply.ok ? { ok: true, done: { what: 'composed', copied: reply.value.copied } } : reply
        }),
      send: () =>
        run('sending', async (what) => {
          const reply = await bridge['dns.sendLetter'](what)
          return reply.ok ? { ok: true, done: { what: 'sent', mail: reply.value.mail } } : reply
        }),
      save: (format) =>
        run('saving', async ({ name, locale, note }) => {
          const reply = await bridge['dns.saveLetter']({ name, locale, note, format })
          if (!reply.ok) return reply
          return { ok: true, done: reply.value && { what: 'saved', file: reply.value.file } }
        }),
      copy: (as) =>
        run('copying', async ({ name, locale, note }) => {
          // What is on the screen may be older than the last word typed.
          const letter = await bridge['dns.letter']({ name, locale, note })
          if (!letter.ok) return letter
          const { subject, text, markdown } = letter.value
          const reply = await bridge['clipboard.write']({
            text: as === 'text' ? `${subject}\n\n${text}` : markdown,
          })
          return reply.ok ? { ok: true, done: { what: 'copied', as } } : reply
        }),
    }
  })
}
