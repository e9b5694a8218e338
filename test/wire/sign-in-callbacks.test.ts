import { expect, onTestFinished, test } from 'vitest'
import { callbackPage } from '../../main/session/callback-page.ts'
import { callbackPages } from '../../main/session/loopback-request.ts'
import { type Bench, kindOf, openBench, visit } from './sign-in-console.ts'

type Alter = (query: URLSearchParams) => void

/** Every callback that is not the one of this attempt; the last is the one. */
const callbacks: [string, Alter, number][] = [
  ['another state', (query) => query.set('state', 'x'.repeat(43)), 400],
  ['no state', (query) => query.delete('state'), 400],
  ['an empty state', (query) => query.set('state', ''), 400],
  ['the state twice', (query) => query.append('state', query.get('state') ?? ''), 400],
  ['our state and another', (query) => query.append('state', 'x'.repeat(43)), 400],
  ['the state in capitals', (query) => query.set('state', (query.get('state') ?? '').toUpperCase()), 400],
  ['the start of the state', (query) => query.set('state', (query.get('state') ?? '').slice(0, 32)), 400],
  ['the code twice', (query) => query.append('code', 'another'), 400],
  ['no code', (query) => query.delete('code'), 400],
  ['an error of another attempt', (query) => query.set('state', 'y'.repeat(43)), 400],
  ['the valid one', () => {}, 200],
  ['the valid one again', () => {}, 410],
]

async function bench(): Promise<Bench> {
  const one = await openBench()
  onTestFinished(() => one.close())
  return one
}

test('faults 22: of twelve callbacks the valid one alone counts, once, and the sign-in completes', async () => {
  const { op, signIn, browse } = await bench()
  const statuses: [string, number][] = []
  const done = Promise.withResolvers<void>()
  browse((page) => {
    const back = op.approve(page)
    const visitAll = async () => {
      for (const [name, alter] of callbacks) {
        const one = new URL(back)
        alter(one.searchParams)
        const { status, text } = await visit(one)
        statuses.push([name, status])
        expect(text).not.toContain(back.searchParams.get('code'))
        expect(text).toMatch(/fermer cette fenêtre et revenir à la console/)
      }
    }
    visitAll().then(done.resolve, done.reject)
    return null
  })
  expect(kindOf(await signIn.start())).toBe('ok')
  await done.promise
  expect(statuses).toEqual(callbacks.map(([name, , status]) => [name, status]))
  expect(op.asked('token')).toHaveLength(1)
})

test('faults 22: a second tab of the same attempt changes nothing', async () => {
  const { op, signIn, browse } = await bench()
  const tabs = Promise.withResolvers<number[]>()
  browse((page) => {
    const both = Promise.all([visit(op.approve(page)), visit(op.approve(page, { subject: 'autre-fictif' }))])
    both.then(([one, two]) => tabs.resolve([one.status, two.status]), tabs.reject)
    return null
  })
  expect(kindOf(await signIn.start())).toBe('ok')
  expect((await tabs.promise).sort()).toEqual([200, 410])
  expect(op.asked('token')).toHaveLength(1)
})

test('faults 22: a callback of the attempt before does not serve the next', async () => {
  const { op, signIn, browse } = await bench()
  let old: URL | null = null
  browse((page) => {
    old = op.approve(page)
    signIn.cancel()
    return null
  })
  expect(kindOf(await signIn.start())).toBe('cancelled/sign-in')
  const statuses: number[] = []
  browse(async (page) => {
    const back = op.approve(page)
    const replayed = new URL(back)
    replayed.search = old?.search ?? ''
    statuses.push((await visit(replayed)).status)
    return back
  })
  expect(kindOf(await signIn.start())).toBe('ok')
  expect(statuses).toEqual([400])
})

test('faults 22: a code that was used is refused', async () => {
  const { op, signIn, browse } = await bench()
  let code: string | null = null
  browse((page) => {
    const back = op.approve(page)
    if (code === null) code = back.searchParams.get('code')
    else back.searchParams.set('code', code)
    return back
  })
  expect(kindOf(await signIn.start())).toBe('ok')
  expect(kindOf(await signIn.start())).toBe('refused/sign-in-code')
})

test('what else a callback says is not trusted: an ID token in it, or an answer of another mode', async () => {
  for (const name of ['id_token', 'response', 'token']) {
    const { op, signIn, browse } = await bench()
    browse((page) => {
      const back = op.approve(page)
      back.searchParams.set(name, 'eyJhbGciOiJub25lIn0.e30.')
      return back
    })
    expect(kindOf(await signIn.start())).toMatch(/^(bad-response\/provider|refused\/sign-in-state)$/)
    expect(op.asked('token')).toHaveLength(0)
  }
})

const words = {
  fr: /Vous pouvez fermer cette fenêtre et revenir à la console dimail/,
  en: /You may close this window and go back to the dimail console/,
}
for (const locale of ['fr', 'en'] as const)
  test.each([...callbackPages, 'signed-out'] as const)(`the page %s is whole in ${locale}`, (kind) => {
    const page = callbackPage(kind, locale)
    expect(page).toMatch(words[locale])
    expect(page).toContain(`<html lang="${locale}">`)
    expect(page).not.toMatch(/https?:|<script|src=|href=/)
  })

test('a provider that refuses gets none of its words on the page', async () => {
  const { op, signIn, browse } = await bench()
  const page = Promise.withResolvers<string>()
  browse((asked) => {
    const back = op.approve(asked)
    back.searchParams.delete('code')
    back.searchParams.set('error', 'access_denied')
    back.searchParams.set('error_description', '<b>Composez le 0 800 000 000</b>')
    visit(back).then(({ text }) => page.resolve(text), page.reject)
    return null
  })
  expect(kindOf(await signIn.start())).toBe('cancelled/sign-in-denied')
  expect(await page.promise).toContain('Connexion non terminée')
  expect(await page.promise).not.toMatch(/Composez|access_denied/)
})
