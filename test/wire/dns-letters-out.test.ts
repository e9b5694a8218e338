import { expect, test } from 'vitest'
import { renew } from '../../main/api/renew.ts'
import { composeLetter, letterEndings, letterFile, sendLetter } from '../../main/diagnosis/letters-out.ts'
import { letterLink } from '../../main/shell/links.ts'
import { letterFormats } from '../../preload/dns-shapes.ts'
import { unwrap } from '../../preload/failure.ts'
import { domain, factsOf, knownHosts, troubledAt, troubles, written } from '../unit/dns-letter-town.ts'
import { openMailHere, reader } from './mail-open.ts'

const [host] = knownHosts
if (!host) throw new Error('no host')
const letter = written(
  troubledAt(host, 'fr', troubles.find(({ name }) => name === 'cut-dkim') ?? troubles[0] ?? never()),
)
const short = written(factsOf(host, 'fr', { note: '' }))
function never(): never {
  throw new Error('no trouble')
}

/** A mail program and a clipboard that tell what they were given. */
function system(works = true) {
  const opened: { to: string | null; subject: string; text: string }[] = []
  const copied: string[] = []
  return {
    opened,
    copied,
    openLetter: async (to: string | null, subject: string, text: string) => {
      opened.push({ to, subject, text })
      return works && letterLink(to, subject, text) !== null
    },
    copy: async (text: string) => void copied.push(text),
  }
}

test('field N4: a letter that a link can carry is opened whole in the agent’s mail program, and nothing is copied', async () => {
  const given = system()
  const brief = { ...short, text: 'Bonjour\u00a0!\n' }
  expect(await composeLetter({ to: reader, letter: brief, locale: 'fr' }, given)).toEqual({
    ...{ ok: true, value: { copied: false } },
  })
  expect(given.opened).toEqual([{ to: reader, subject: brief.subject, text: brief.text }])
  expect(given.copied).toEqual([])
})

test.each(['fr', 'en'] as const)(
  'field N4: a longer one is copied, and the message (%s) says to paste it',
  async (locale) => {
    const given = system()
    const composed = await composeLetter({ to: '', letter, locale }, given)
    expect(unwrap(composed)).toEqual({ copied: true })
    expect(given.copied).toEqual([letter.text])
    const [{ to, subject, text } = { to: '', subject: '', text: '' }] = given.opened
    // Nobody knows the address yet: the agent types it.
    expect(to).toBeNull()
    expect(subject).toBe(letter.subject)
    expect(text).toContain('Ctrl+V')
    // Windows hands on 2081 characters.
    expect(letterLink(to, subject, text)?.length).toBeLessThan(2000)
  },
)

test('the length that counts is that of the link, in which an accent is six characters', async () => {
  for (const [length, copied] of [
    [300, false],
    [400, true],
  ] as const) {
    const given = system()
    await composeLetter(
      { to: reader, letter: { subject: 'Objet', text: 'é'.repeat(length) }, locale: 'fr' },
      given,
    )
    const whole = letterLink(reader, 'Objet', 'é'.repeat(length))?.length ?? 0
    expect([whole > 2000, given.copied.length > 0]).toEqual([copied, copied])
  }
})

test('without a mail program, or to what is no address, it is said', async () => {
  const none = await composeLetter({ to: reader, letter, locale: 'fr' }, system(false))
  expect(none).toMatchObject({ ok: false, failure: { code: 'not-possible', reason: 'letter' } })
  const given = system()
  const bad = await composeLetter({ to: 'a@b.example, c@d.example', letter, locale: 'fr' }, given)
  expect(bad).toMatchObject({ ok: false, failure: { code: 'invalid', reason: 'mail-address' } })
  expect([given.opened, given.copied]).toEqual([[], []])
})

test('field 3.8: sent by the agent, the letter arrives word for word, is in the list of messages, and can be sent again', async () => {
  const { mail, sandbox, desk, configure } = await openMailHere()
  unwrap(await configure())
  expect(sandbox.outbox.list()).toEqual([])
  const sent = await sendLetter(mail.post, { domain, to: reader, letter, locale: 'fr' })
  expect(sent).toMatchObject({ state: 'sent', to: reader, failure: null })
  const [message] = sandbox.outbox.list()
  expect(message).toMatchObject({ subject: letter.subject, to: reader })
  expect(message?.text.replaceAll('\r\n', '\n').trim()).toBe(letter.text.trim())
  expect(message?.html).toContain('<html lang="fr">')
  expect(await desk.messages.list(domain)).toMatchObject([
    { kind: 'dns', domain, about: domain, to: reader, locale: 'fr', state: 'sent' },
  ])
  // The desk keeps no text of it.
  expect(JSON.stringify(await desk.messages.list(domain))).not.toContain('DKIM1')
  expect(await mail.again(sent.id ?? '')).toMatchObject({ state: 'sent' })
  expect(sandbox.outbox.list().map(({ text }) => text)).toEqual([message?.text, message?.text])
})

test('without a mail server it is handed back as a draft, and none is sent to a bad address', async () => {
  const { mail, sandbox } = await openMailHere()
  const draft = await sendLetter(mail.post, { domain, to: reader, letter, locale: 'fr' })
  expect(draft).toMatchObject({
    state: 'draft',
    draft: { to: reader, subject: letter.subject, text: letter.text },
  })
  const bad = await sendLetter(mail.post, { domain, to: 'mairie', letter, locale: 'fr' })
  expect(bad).toMatchObject({ state: 'failed', failure: { reason: 'mail-address' } })
  expect(sandbox.outbox.list()).toEqual([])
})

test('a letter whose text is no longer known is not invented anew', async () => {
  const { mail, desk } = await openMailHere()
  await sendLetter(mail.post, { domain, to: reader, letter, locale: 'fr' })
  const [message] = await desk.messages.list(domain)
  if (!message) throw new Error('no message')
  const nothing = new Proxy({}, { get: () => never() })
  expect(await renew(Object(nothing), message)).toMatchObject({
    ...{ ok: false, failure: { code: 'not-possible', reason: 'letter-gone' } },
  })
})

test.each(letterFormats)('a file of the letter as %s holds all of it', async (format) => {
  const pages: string[] = []
  const print = async (html: string) => {
    pages.push(html)
    return Buffer.from('%PDF-')
  }
  const bytes = Buffer.from(await letterFile(letter, format, print)).toString()
  expect(letterEndings[format]).toMatch(/^(txt|md|pdf)$/)
  expect(bytes).toContain({ text: letter.text, markdown: letter.markdown, pdf: '%PDF-' }[format])
  expect(bytes.includes(letter.subject)).toBe(format !== 'pdf')
  expect(pages).toEqual(format === 'pdf' ? [letter.html] : [])
})
