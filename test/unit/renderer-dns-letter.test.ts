import { describe, expect, test } from 'vitest'
import type { DnsLetter, Rehearsal } from '../../preload/dns-shapes.ts'
import { failed } from '../../preload/failure.ts'
import { createLetterStore, draftOf, recipientOf } from '../../renderer/dns/letter-store.ts'
import { createRehearsalStore, mostPublished } from '../../renderer/dns/rehearsal-store.ts'
import { town } from '../fakes/dns-said.ts'

const other = 'castelnoir.example'
const offline = failed('offline', 'mail-server', 'The mail server does not answer.')
const mail = { state: 'sent', id: 'm1', to: null, failure: null, draft: null } as const

/** A main process that writes a letter out of what it is given, and keeps what was asked. */
function fakeMain() {
  const asked: [call: string, input: unknown][] = []
  let fails = false
  const answer = <T>(call: string, input: unknown, value: T) => {
    asked.push([call, input])
    return Promise.resolve(fails ? offline : { ok: true as const, value })
  }
  const letterOf = (name: string, locale: string, note: string): DnsLetter => ({
    to: `mairie@${name}`,
    subject: `DNS ${locale}`,
    text: `Bonjour. ${note}`,
    markdown: `# Bonjour ${note}`,
    canSend: true,
  })
  const store = createLetterStore({
    'dns.letter': (input) => answer('letter', input, letterOf(input.name, input.locale, input.note)),
    'dns.composeLetter': (input) => answer('compose', input, { copied: true }),
    'dns.sendLetter': (input) => answer('send', input, { mail: { ...mail } }),
    'dns.saveLetter': (input) =>
      answer('save', input, input.format === 'pdf' ? null : { file: `lettre.${input.format}` }),
    'clipboard.write': (input) => answer('clipboard', input, undefined),
  })
  return {
    store,
    asked,
    fail: (is: boolean) => {
      fails = is
    },
  }
}

async function opened() {
  const main = fakeMain()
  await main.store.getState().open(town, 'fr')
  return main
}

describe('the letter to the town', () => {
  test('field N4: is written in the language of the console, for the contact of the town', async () => {
    const { store } = await opened()
    expect(store.getState().letter?.text.subject).toBe('DNS fr')
    expect(recipientOf(store.getState())).toBe(`mairie@${town}`)
    store.getState().change({ locale: 'en' })
    await store.getState().write()
    expect(store.getState().letter?.text.subject).toBe('DNS en')
  })

  test('field N4: keeps what was typed when it is closed, for each domain its own', async () => {
    const { store } = await opened()
    store.getState().change({ note: 'Vu avec vous ce matin.', to: 'secretariat@belmont.example' })
    store.getState().close()
    await store.getState().open(other, 'fr')
    expect(draftOf(store.getState())).toEqual({ locale: 'fr', to: null, note: '' })
    await store.getState().open(town, 'fr')
    expect(draftOf(store.getState())?.note).toBe('Vu avec vous ce matin.')
    expect(recipientOf(store.getState())).toBe('secretariat@belmont.example')
    expect(store.getState().letter?.text.text).toBe('Bonjour. Vu avec vous ce matin.')
  })

  test.each(['write', 'compose', 'send'] as const)(
    'field N4: keeps what was typed when "%s" fails, and says why',
    async (act) => {
      const main = await opened()
      main.store.getState().change({ note: 'Merci de votre aide.' })
      main.fail(true)
      await main.store.getState()[act]()
      const { unwritten, failure, busy, domain } = main.store.getState()
      expect([unwritten ?? failure, busy, domain]).toEqual([offline.failure, null, town])
      expect(draftOf(main.store.getState())?.note).toBe('Merci de votre aide.')
    },
  )

  test('field N4: an erased recipient is nobody, not the one before', async () => {
    const { store } = await opened()
    store.getState().change({ to: ' ' })
    expect(recipientOf(store.getState())).toBe('')
  })

  test('field N4: nothing leaves, opens or is written by itself', async () => {
    const main = await opened()
    main.store.getState().change({ note: 'Un mot.' })
    await main.store.getState().write()
    main.store.getState().close()
    expect(new Set(main.asked.map(([call]) => call))).toEqual(new Set(['letter']))
  })

  test('field N4: is sent with the last word typed, to whom the agent named', async () => {
    const main = await opened()
    main.store.getState().change({ note: 'Dernier mot.', to: ' dgs@belmont.example ' })
    await main.store.getState().send()
    expect(main.asked.at(-1)).toEqual([
      'send',
      { name: town, locale: 'fr', note: 'Dernier mot.', to: 'dgs@belmont.example' },
    ])
    expect(main.store.getState().done).toEqual({ what: 'sent', mail })
  })

  test.each([
    ['text', 'DNS fr\n\nBonjour. Dernier mot.'],
    ['markdown', '# Bonjour Dernier mot.'],
  ] as const)('field N4: is copied as %s with the last word typed', async (as, text) => {
    const main = await opened()
    main.store.getState().change({ note: 'Dernier mot.' })
    await main.store.getState().copy(as)
    expect(main.asked.at(-1)).toEqual(['clipboard', { text }])
    expect(main.store.getState().done).toEqual({ what: 'copied', as })
  })

  test('field N4: says where it was saved, and nothing when no file was chosen', async () => {
    const main = await opened()
    await main.store.getState().save('text')
    expect(main.store.getState().done).toEqual({ what: 'saved', file: 'lettre.text' })
    await main.store.getState().save('pdf')
    expect(main.store.getState()).toMatchObject({ done: null, failure: null, busy: null })
  })

  test('is shown as the newest draft has it, in whatever order the answers come', async () => {
    const waiting: ((letter: DnsLetter) => void)[] = []
    const main = fakeMain()
    const store = createLetterStore({
      'dns.letter': () =>
        new Promise((answer) => waiting.push((value) => answer({ ok: true as const, value }))),
      'dns.composeLetter': async () => offline,
      'dns.sendLetter': async () => offline,
      'dns.saveLetter': async () => offline,
      'clipboard.write': async () => offline,
    })
    await main.store.getState().open(town, 'fr')
    const text = main.store.getState().letter?.text
    if (!text) throw new Error('The letter was not written')
    void store.getState().open(town, 'fr')
    store.getState().change({ note: 'nouveau' })
    const written = store.getState().write()
    waiting[1]?.({ ...text, subject: 'nouveau' })
    await written
    waiting[0]?.({ ...text, subject: 'ancien' })
    await new Promise<void>((done) => setImmediate(done))
    expect(store.getState().letter?.text.subject).toBe('nouveau')
  })
})

describe('a rehearsal', () => {
  const nothing: Rehearsal = { records: [], remaining: [] }
  function fakeRehearsal() {
    const asked: unknown[] = []
    const answers: ((value: Rehearsal) => void)[] = []
    const store = createRehearsalStore({
      'dns.rehearse': (input) => {
        asked.push(input)
        return new Promise((answer) => answers.push((value) => answer({ ok: true as const, value })))
      },
    })
    store.getState().open(town)
    return { store, asked, answers }
  }

  test('field N14: makes the changes that are not left out, and publishes what has a value', () => {
    const { store, asked } = fakeRehearsal()
    store.getState().toggle('spf')
    store
      .getState()
      .add({ target: '', type: 'mx', value: ' mx.ox.example. ' }, { target: 'x', type: 'txt', value: ' ' })
    void store.getState().rehearse(['mx', 'spf'])
    expect(asked).toEqual([
      { name: town, changes: ['mx'], publish: [{ target: '', type: 'mx', value: 'mx.ox.example.' }] },
    ])
  })

  test('field N14: of one domain is kept, and says nothing of another', () => {
    const { store } = fakeRehearsal()
    store.getState().add({ target: '', type: 'mx', value: '' })
    const typed = store.getState().publish[0]
    store.getState().type(typed?.id ?? 0, { value: 'mx.ox.example.' })
    store.getState().open(town)
    expect(store.getState().publish).toMatchObject([{ value: 'mx.ox.example.' }])
    store.getState().open(other)
    expect(store.getState()).toMatchObject({ publish: [], result: null })
  })

  test('field N14: loses nothing that was typed when another domain is looked at meanwhile', () => {
    const { store } = fakeRehearsal()
    store.getState().toggle('spf')
    store.getState().add({ target: '', type: 'mx', value: 'mx.ox.example.' })
    store.getState().open(other)
    store.getState().open(town)
    expect(store.getState()).toMatchObject({ publish: [{ value: 'mx.ox.example.' }], result: null })
    expect(store.getState().left).toEqual(new Set(['spf']))
  })

  test('field N14: is that of the last question', async () => {
    const { store, answers } = fakeRehearsal()
    const first = store.getState().rehearse(['mx'])
    const second = store.getState().rehearse([])
    const finding = { code: 'mx-extra', level: 'blocking', facts: {} } as const
    answers[1]?.({ ...nothing, remaining: [finding] })
    await second
    answers[0]?.(nothing)
    await first
    expect(store.getState().result?.remaining).toEqual([finding])
  })

  test('field N14: takes no more records than the call does', () => {
    const { store } = fakeRehearsal()
    const records = Array.from({ length: 60 }, () => ({ target: '', type: 'txt', value: 'x' }))
    store.getState().add(...records)
    expect(store.getState().publish).toHaveLength(mostPublished)
    store.getState().remove(store.getState().publish[0]?.id ?? 0)
    expect(store.getState().publish).toHaveLength(mostPublished - 1)
  })
})
