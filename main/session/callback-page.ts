import type { Locale } from '../../preload/shapes.ts'
import type { CallbackPage } from './loopback-request.ts'

type Words = { title: string; text: string }
type Told = CallbackPage | 'signed-out'

const french: Record<Told, Words> = {
  done: {
    title: 'Réponse reçue',
    text: 'Votre fournisseur d’identité a répondu. Vous pouvez fermer cette fenêtre et revenir à la console dimail, qui dit si vous êtes connecté.',
  },
  failed: {
    title: 'Connexion non terminée',
    text: 'Votre fournisseur d’identité n’a pas confirmé votre identité. Vous pouvez fermer cette fenêtre et revenir à la console dimail, qui dit pourquoi.',
  },
  mismatched: {
    title: 'Cette réponse n’est pas attendue',
    text: 'Elle vient d’une autre tentative de connexion, et rien n’en a été retenu. Vous pouvez fermer cette fenêtre et revenir à la console dimail.',
  },
  over: {
    title: 'Réponse déjà reçue',
    text: 'Cette connexion a déjà eu sa réponse. Vous pouvez fermer cette fenêtre et revenir à la console dimail.',
  },
  refused: {
    title: 'Rien à voir ici',
    text: 'Cette adresse ne sert qu’à votre fournisseur d’identité, le temps d’une connexion. Vous pouvez fermer cette fenêtre et revenir à la console dimail.',
  },
  'signed-out': {
    title: 'Vous êtes déconnecté',
    text: 'La console dimail a tout oublié de cette session. Vous pouvez fermer cette fenêtre et revenir à la console dimail.',
  },
}

const english: Record<Told, Words> = {
  done: {
    title: 'Answer received',
    text: 'Your identity provider has answered. You may close this window and go back to the dimail console, which says whether you are signed in.',
  },
  failed: {
    title: 'Not signed in',
    text: 'Your identity provider did not confirm who you are. You may close this window and go back to the dimail console, which says why.',
  },
  mismatched: {
    title: 'This answer is not expected',
    text: 'It comes from another attempt to sign in, and nothing of it was kept. You may close this window and go back to the dimail console.',
  },
  over: {
    title: 'Answer already received',
    text: 'This sign-in has already had its answer. You may close this window and go back to the dimail console.',
  },
  refused: {
    title: 'Nothing to see here',
    text: 'This address serves your identity provider only, for the time of a sign-in. You may close this window and go back to the dimail console.',
  },
  'signed-out': {
    title: 'You are signed out',
    text: 'The dimail console has forgotten everything of this session. You may close this window and go back to the dimail console.',
  },
}

const style =
  ':root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;' +
  'font:18px/1.5 system-ui,sans-serif}main{max-width:32rem;padding:2rem}h1{font-size:1.5rem;margin:0 0 1rem}p{margin:0}'

/** What the browser shows when it comes back: our own words only, nothing of the request, nothing to load. */
export function callbackPage(page: Told, locale: Locale): string {
  const { title, text } = (locale === 'fr' ? french : english)[page]
  return (
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style></head>` +
    `<body><main><h1>${title}</h1><p>${text}</p></main></body></html>`
  )
}
