/** The only hosts whose pages the console opens in the agent's browser. */
const hosts = new Set([
  'github.com',
  'www.rfc-editor.org',
  'lasuite.numerique.gouv.fr',
  'docs.numerique.gouv.fr',
])

/**
 * Whether a link may leave for the system's browser: https, on an exact host of the list, no credentials, no port,
 * nothing that a shell could read otherwise (docs/faults.md 14).
 */
export function mayOpen(link: string): boolean {
  if (link.length > 2000 || /[\s\p{Cc}\\]/u.test(link) || !URL.canParse(link)) return false
  const url = new URL(link)
  return (
    url.protocol === 'https:' &&
    hosts.has(url.hostname) &&
    // As written, too: the system reads the text itself, and may not read it as the URL standard does.
    /^https:\/\/([^/?#]*)/.exec(link)?.[1] === url.hostname &&
    url.port === '' &&
    url.username === '' &&
    url.password === ''
  )
}

/**
 * Whether a page of an OpenID provider may leave for the system's browser. `origin` is that of the end point which
 * the provider itself told, never of the link; https, or http on the literal 127.0.0.1 where the sandbox's provider
 * is (docs/faults.md 14).
 */
export function mayOpenSignIn(link: string, origin: string): boolean {
  if (link.length > 8000 || /[^\x21-\x7e]|\\/.test(link) || !URL.canParse(link)) return false
  const url = new URL(link)
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && url.hostname === '127.0.0.1')
  return (
    isSafe &&
    url.origin === origin &&
    // As written, too: the system reads the text itself, and may not read it as the URL standard does.
    /^https?:\/\/[^/?#]*/.exec(link)?.[0] === origin &&
    url.username === '' &&
    url.password === ''
  )
}

/**
 * A `mailto:` for one plain address (RFC 6068), made here so that the page gives words and never a link; `to` is null
 * where the agent is still to type it. Null for an address that is none, or words too long for what systems hand on.
 */
export function letterLink(to: string | null, subject: string, text: string): string | null {
  if (to !== null && !/^[\p{L}\p{N}._+='-]+@[\p{L}\p{N}.-]+$/u.test(to)) return null
  const [local = '', host = ''] = (to ?? '').split('@')
  const address =
    to === null ? '' : `${encodeURIComponent(local).replaceAll("'", '%27')}@${encodeURIComponent(host)}`
  const line = subject.replace(/\p{Cc}+/gu, ' ')
  const body = text.replace(/\r?\n/g, '\r\n')
  const link = `mailto:${address}?subject=${encodeURIComponent(line)}&body=${encodeURIComponent(body)}`
  return link.length > 8000 ? null : link
}
