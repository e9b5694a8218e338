import { expect, test } from 'vitest'
import { accounts } from '../../main/sandbox/accounts.ts'
import { clickThrough, openBrowser } from '../fakes/click-through.ts'
import { accountOf, consoleOf, refusalOf } from './openid-console.ts'
import { open } from './sandbox-wire.ts'

test.each(['', 'login', 'select_account', 'consent'])(
  'an earlier sign-in is never taken silently (prompt "%s")',
  async (prompt) => {
    const { sandbox } = await open({ domains: 0 })
    const here = await consoleOf(sandbox)
    const browser = openBrowser()
    const more: Record<string, string> = prompt === '' ? {} : { prompt }
    expect((await here.signIn('owner', more, browser)).claims()?.sub).toBe(accountOf('owner').sub)
    const second = await here.signIn('viewer', more, browser)
    expect(second.claims()?.sub).toBe(accountOf('viewer').sub)
  },
)

test('who is asked not to show a page says that somebody must sign in', async () => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  const browser = openBrowser()
  await here.signIn('owner', {}, browser)
  const shown = await browser.visit(here.authorization({ prompt: 'none' }))
  expect(refusalOf(shown, here.back())).toBe('login_required')
})

test('cancelling goes back with access_denied', async () => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  const browser = openBrowser()
  const shown = await browser.press(await browser.visit(here.authorization()), 'cancel', 'yes')
  expect(refusalOf(shown, here.back())).toBe('access_denied')
})

test.each([
  ['fr', undefined, 'Avec quel compte vous connecter ?', 'Support : tous les domaines'],
  ['en-GB,en;q=0.9', undefined, 'Which account do you sign in with?', 'Support desk: every domain'],
  ['de', undefined, 'Avec quel compte vous connecter ?', 'Support : tous les domaines'],
  ['fr', 'en', 'Which account do you sign in with?', 'Support desk: every domain'],
  ['en', 'fr-FR en', 'Avec quel compte vous connecter ?', 'Support : tous les domaines'],
])('a browser in %s, with ui_locales %s, reads "%s"', async (language, wanted, title, button) => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  const more: Record<string, string> = wanted === undefined ? {} : { ui_locales: wanted }
  const shown = await openBrowser(language).visit(here.authorization(more))
  expect(shown.text.replaceAll('\u00a0', ' ')).toContain(`<h1>${title}</h1>`)
  expect(shown.text.replaceAll('\u00a0', ' ')).toContain(button)
  expect(shown.text).toContain(`<html lang="${title.startsWith('Avec') ? 'fr' : 'en'}">`)
})

test('the page needs no script and nothing from elsewhere, and has one button for each account', async () => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  const { text, headers } = await openBrowser().visit(here.authorization())
  expect(text).not.toMatch(/<script|src=|href=|@import|url\(/)
  expect([...text.matchAll(/name="account" value="([^"]+)"/g)].map(([, id]) => id)).toEqual(
    accounts.map(({ id }) => id),
  )
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("form-action 'self' http://127.0.0.1:*")
  expect(policy).not.toContain('unsafe-inline')
})

test('a page without its cookie, or another account, signs nobody in', async () => {
  const { sandbox } = await open({ domains: 0 })
  const here = await consoleOf(sandbox)
  const browser = openBrowser()
  const page = await browser.visit(here.authorization())
  expect((await openBrowser().press(page, 'account', 'support')).status).toBe(400)
  expect((await browser.press(page, 'account', 'nobody')).status).toBe(400)
  expect(here.callback.requests).toEqual([])
})

test.each(['https://127.0.0.1/', 'http://localhost/', 'http://127.0.0.1.example/'])(
  'the browser of the tests never goes to %s',
  async (address) => {
    await expect(clickThrough(address, 'support')).rejects.toThrow('Not on loopback')
  },
)
