const loopback = ['127.0.0.1', '[::1]', 'localhost']

/**
 * The address of a server that is sent a credential: https, or http on this very computer, with neither a password, a
 * query nor a fragment. Otherwise which of these it breaks, as the reason of an `invalid` failure.
 */
export function readAddress(
  text: string,
): { url: URL } | { fault: 'address' | 'address-scheme' | 'address-credentials' } {
  const typed = text.trim()
  if (!URL.canParse(typed)) return { fault: 'address' }
  const url = new URL(typed)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.includes(url.hostname)))
    return { fault: 'address-scheme' }
  if (url.username !== '' || url.password !== '') return { fault: 'address-credentials' }
  return url.search !== '' || url.hash !== '' ? { fault: 'address' } : { url }
}
