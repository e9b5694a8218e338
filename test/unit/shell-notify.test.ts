import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadWithElectron } from '../fakes/electron.ts'

const path = fileURLToPath(new URL('../../main/shell/notify.ts', import.meta.url))
let isSupported = true
let shown: (EventEmitter & { title: string; body: string })[] = []

class Notification extends EventEmitter {
  title: string
  body: string
  constructor({ title, body }: { title: string; body: string }) {
    super()
    this.title = title
    this.body = body
  }
  show() {
    shown.push(this)
  }
  static isSupported = () => isSupported
}

const notify: typeof import('../../main/shell/notify.ts') = loadWithElectron({ Notification }, path)

function open(locale: 'fr' | 'en') {
  const opened: string[] = []
  shown = []
  const notifier = notify.createNotifier({ locale: () => locale, open: (domain) => void opened.push(domain) })
  return { notifier, opened }
}

test('field N11: a notification names the domain and nothing else, in the language of the agent', () => {
  for (const [locale, title] of [
    ['fr', 'DNS prêt\u00a0: val-fictif.example'],
    ['en', 'DNS ready: val-fictif.example'],
  ] as const) {
    const { notifier } = open(locale)
    notifier.settled('val-fictif.example', false)
    notifier.settled('val-fictif.example', true)
    expect(shown.map((one) => one.title)).toEqual([title, title])
    expect(new Set(shown.map(({ body }) => body)).size).toBe(2)
    for (const { body } of shown) expect(body).not.toMatch(/@|\.example/)
  }
})

test('a click opens the domain, once', () => {
  const { notifier, opened } = open('fr')
  notifier.settled('val-fictif.example', false)
  notifier.settled('$&.example', false)
  shown[1]?.emit('close')
  shown[0]?.emit('click')
  shown[0]?.emit('click')
  expect(opened).toEqual(['val-fictif.example'])
  expect(shown[1]?.title).toContain('$&.example')
})

test('a system that shows no notifications is left alone', () => {
  const { notifier } = open('en')
  isSupported = false
  notifier.settled('val-fictif.example', false)
  isSupported = true
  expect(shown).toEqual([])
})
