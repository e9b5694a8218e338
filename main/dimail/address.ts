import { failed, ok, type Result } from '../../preload/failure.ts'

const loopback = ['127.0.0.1', '[::1]', 'localhost']

/**
 * The base address of a dimail, without its final slash. Clear text is allowed on this machine only, since
 * every call carries a password or a token.
 */
export function parseAddress(text: string): Result<string> {
  const typed = text.trim()
  if (!URL.canParse(typed)) return failed('invalid', 'address', 'The address of dimail is not a URL.')
  const url = new URL(typed)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.includes(url.hostname)))
    return failed('invalid', 'address-scheme', 'The address of dimail must start with https://.')
  if (url.username !== '' || url.password !== '')
    return failed('invalid', 'address-credentials', 'The address of dimail must hold no password.')
  if (url.search !== '' || url.hash !== '')
    return failed('invalid', 'address', 'The address of dimail must end before any ? or #.')
  return ok(url.origin + url.pathname.replace(/\/+$/, ''))
}
