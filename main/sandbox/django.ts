/** A page where JSON was wanted, as Django or a proxy before it shows when it fails. */
export function html(status: number, title: string): Response {
  const body = `<!doctype html>
<html lang="fr">
<head>
  <title>${title}</title>
</head>
<body>
  <h1>${title}</h1>
</body>
</html>
`
  return new Response(body, { status, headers: { 'content-type': 'text/html; charset=utf-8' } })
}

/** The 405 of Django REST framework, in the only language of these servers. */
export function notAllowed(method: string, allowed: readonly string[]): Response {
  const headers = { allow: allowed.join(', ') }
  return Response.json({ detail: `Méthode "${method}" non autorisée.` }, { status: 405, headers })
}
