import type { Followed, LoginCodes } from './login-codes.ts'

/** The path under which login links lead to the webmail (docs/dimail.md 4.10). */
export const codePath = '/code/'

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}
const statuses = { 'signed-in': 200, 'used-up': 410, expired: 410, unknown: 404 } as const

/** The simulated webmail: `GET /code/<code>` uses the code. Looking with another method does not. */
export function webmail(codes: LoginCodes, method: string, path: string): Response {
  if (method !== 'GET') return new Response(null, { status: 405, headers: { ...headers, allow: 'GET' } })
  const followed = codes.follow(path.slice(codePath.length))
  return new Response(page(followed), { status: statuses[followed.outcome], headers })
}

function page(followed: Followed): string {
  const [title, sentence] = words(followed)
  return `<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><title>${title}</title></head>
<body><h1>${title}</h1><p>${sentence}</p><p>Webmail simulé : rien n’est envoyé ni reçu ici.</p></body>
</html>
`
}

function words({ outcome, address, left }: Followed): [title: string, sentence: string] {
  const who = escaped(address ?? '')
  if (outcome === 'signed-in') {
    const more = left === 0 ? 'ne fonctionnera plus' : `fonctionnera encore ${left} fois`
    return ['Vous êtes connecté', `Vous lisez la boîte ${who}. Ce lien ${more}.`]
  }
  if (outcome === 'used-up')
    return ['Lien déjà utilisé', `Ce lien pour ${who} a servi autant qu’il le pouvait.`]
  if (outcome === 'expired') return ['Lien expiré', `Ce lien pour ${who} n’est plus valable.`]
  return ['Lien inconnu', 'Ce lien ne mène à aucune boîte.']
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
