import { failed, ok, type Result } from '../../preload/failure.ts'
import { readAddress } from '../http/address.ts'

const faults = {
  address: 'The address of dimail is not a URL that ends before any ? or #.',
  'address-scheme': 'The address of dimail must start with https://.',
  'address-credentials': 'The address of dimail must hold no password.',
}

/**
 * The base address of a dimail, without its final slash. Clear text is allowed on this machine only, since
 * every call carries a password or a token.
 */
export function parseAddress(text: string): Result<string> {
  const read = readAddress(text)
  if ('fault' in read) return failed('invalid', read.fault, faults[read.fault])
  return ok(read.url.origin + read.url.pathname.replace(/\/+$/, ''))
}
