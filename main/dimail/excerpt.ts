const limit = 200

/**
 * What may be kept of a text that dimail sent: one line of at most 200 characters, without control
 * characters, tokens, passwords, codes, nor any of `secrets` in plain, base64 or URL-encoded form.
 */
export function excerptOf(text: string, secrets: readonly string[]): string {
  const line = redact(text.slice(0, 20_000), secrets)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ')
    .trim()
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line
}

function redact(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets.flatMap(formsOf)) clean = clean.replaceAll(secret, '[secret]')
  return clean
    .replace(/\beyJ[\w-]*(\.[\w-]*){0,2}/g, '[token]')
    .replace(/\b(Basic|Bearer)\s+[\w+/=.~-]+/gi, '$1 [secret]')
    .replace(
      /(["'](?:password|access_token|refresh_token|code|secret)["']\s*:\s*)("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s,}\]]+)/gi,
      '$1"[secret]"',
    )
}

/** The ways in which a secret may come back in a text. */
function formsOf(secret: string): string[] {
  if (secret.length < 3) return []
  const base64 = Buffer.from(secret).toString('base64')
  const forms = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
  ]
  return [...new Set(forms)].sort((a, b) => b.length - a.length)
}

/** The title of a page, which is all that is kept of HTML; empty when it has none. */
export function titleOf(html: string): string {
  return (/<title[^>]*>([^<]*)/i.exec(html.slice(0, 20_000))?.[1] ?? '').trim()
}
