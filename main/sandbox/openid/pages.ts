import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { type Account, nameOf } from '../accounts.ts'

export type Language = 'fr' | 'en'

/** The first language that is spoken here, as the request then the browser want them; French otherwise. */
export function languageOf(uiLocales: unknown, headers: IncomingHttpHeaders): Language {
  const wanted = typeof uiLocales === 'string' ? uiLocales.split(' ') : []
  const accepted = (headers['accept-language'] ?? '').split(',').map((one) => one.split(';')[0]?.trim() ?? '')
  const spoken = [...wanted, ...accepted].map((tag) => tag.toLowerCase().split('-')[0])
  return spoken.find((tag) => tag === 'fr' || tag === 'en') === 'en' ? 'en' : 'fr'
}

const words = {
  fr: {
    choose: 'Avec quel compte vous connecter ?',
    simulated:
      'Fournisseur d’identité simulé, sur cet ordinateur seulement : ces personnes n’existent pas et n’ont pas de mot de passe.',
    cancel: 'Annuler',
    signOut: 'Se déconnecter ?',
    confirm: 'Se déconnecter',
    signedOut: 'Vous êtes déconnecté',
    close: 'Vous pouvez fermer cette page.',
    failed: 'La connexion n’a pas abouti',
    again: 'Revenez à la console et recommencez.',
  },
  en: {
    choose: 'Which account do you sign in with?',
    simulated:
      'A simulated identity provider, on this computer only: these people do not exist and have no password.',
    cancel: 'Cancel',
    signOut: 'Sign out?',
    confirm: 'Sign out',
    signedOut: 'You are signed out',
    close: 'You can close this page.',
    failed: 'The sign-in did not succeed',
    again: 'Go back to the console and try again.',
  },
}

const style = `
:root { color-scheme: light dark; --line: #929292; --text: #161616; --soft: #555; --ground: #fff; --over: #f0f0fb }
@media (prefers-color-scheme: dark) {
  :root { --line: #7b7b7b; --text: #eee; --soft: #c0c0c0; --ground: #1b1b1f; --over: #2c2c3a }
}
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
main { box-sizing: border-box; max-width: 36rem; margin: 0 auto; padding: 3rem 1.5rem }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25 }
p { margin: 0 0 1.5rem; color: var(--soft) }
ul { display: grid; gap: .5rem; margin: 0 0 1.5rem; padding: 0; list-style: none }
button { box-sizing: border-box; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 4px;
  background: transparent; color: inherit; font: inherit; text-align: left; cursor: pointer }
li button { width: 100% }
button:hover { background: var(--over) }
button:focus-visible { outline: 2px solid #0a76f6; outline-offset: 2px }
button span { display: block; color: var(--soft); font-size: .875rem }
`
const digest = createHash('sha256').update(style).digest('base64')

/**
 * Of every page of the provider. A form may lead back to the console, which listens on loopback: browsers hold a
 * redirect after it to `form-action` too. The provider adds its own scripts to `script-src`, by digest.
 */
export const headers = {
  'content-security-policy': `default-src 'none';script-src;style-src 'sha256-${digest}';base-uri 'none';form-action 'self' http://127.0.0.1:*;frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

/** Where one account is chosen: one button each, which signs in and goes back. */
export function choicePage(accounts: readonly Account[], language: Language): string {
  const said = words[language]
  const buttons = accounts.map(
    (account) =>
      `<li><button name="account" value="${account.id}">${escaped(nameOf(account))}<span>${escaped(account.shows[language])}</span></button></li>`,
  )
  return page(
    language,
    said.choose,
    `<p>${said.simulated}</p>
<form method="post">
<ul>
${buttons.join('\n')}
</ul>
<button name="cancel" value="yes">${said.cancel}</button>
</form>`,
  )
}

/** Asks once before signing out; `form` is the provider's own, without a button. */
export function signOutPage(form: string, language: Language): string {
  const said = words[language]
  const button = `<button form="op.logoutForm" name="logout" value="yes">${said.confirm}</button>`
  return page(language, said.signOut, `${form}\n${button}`)
}

export function signedOutPage(language: Language): string {
  const said = words[language]
  return page(language, said.signedOut, `<p>${said.close}</p>`)
}

/** The provider's own words for what went wrong, which name no person and no token. */
export function failedPage(error: string, description: string | undefined, language: Language): string {
  const said = words[language]
  const detail = [error, description].filter((text) => text !== undefined && text !== '').join(': ')
  return page(language, said.failed, `<p>${said.again}</p>\n<p><code>${escaped(detail)}</code></p>`)
}

const page = (language: Language, title: string, body: string) => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
