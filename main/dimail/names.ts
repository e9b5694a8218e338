import { domainToASCII } from 'node:url'
import { failed, ok, type Result } from '../../preload/failure.ts'

const refuse = (reason: string, message: string) => failed('invalid', reason, message)

/**
 * A domain name as dimail stores it: lower-case ASCII, without the final dot (RFC 1035 2.3.4, RFC 5890 for
 * accented labels). Fails with `invalid` and a reason that says which rule is broken.
 */
export function normaliseDomain(text: string): Result<string> {
  const typed = text.trim()
  if (typed === '') return refuse('empty', 'A domain name is needed.')
  if (typed.length > 1000) return refuse('too-long', 'A domain name has at most 253 characters.')
  if (typed.includes('://')) return refuse('url', 'This is the address of a page, not a domain name.')
  if (typed.includes('@')) return refuse('email', 'This is an e-mail address, not a domain name.')
  // Tested before the conversion, which would drop or decode some of these characters silently.
  if (/[^a-z0-9.-]/i.test(typed.replace(/[^\p{ASCII}]/gu, '')))
    return refuse('characters', 'A domain name holds letters, digits, hyphens and dots only.')
  const ascii = /[^\p{ASCII}]/u.test(typed) ? domainToASCII(typed) : typed.toLowerCase()
  // And after it: U+037E becomes a semicolon.
  if (ascii === '' || /[^a-z0-9.-]/.test(ascii))
    return refuse('characters', 'Some characters are not allowed in a domain name.')
  return checkLabels(ascii.replace(/\.$/, ''))
}

function checkLabels(name: string): Result<string> {
  if (name.length > 253) return refuse('too-long', 'A domain name has at most 253 characters.')
  const labels = name.split('.')
  if (labels.some((label) => label === '')) return refuse('empty-label', 'Two dots follow each other.')
  if (labels.length < 2) return refuse('no-dot', 'A domain name has at least one dot.')
  if (labels.some((label) => label.length > 63))
    return refuse('label-too-long', 'Between two dots there are at most 63 characters.')
  if (labels.some((label) => label.startsWith('-') || label.endsWith('-')))
    return refuse('hyphen', 'No part of a domain name starts or ends with a hyphen.')
  // A name whose last label is a number would be read as an IPv4 address (WHATWG URL, "ends in a number").
  if (/^\d+$/.test(labels.at(-1) ?? '')) return refuse('ip-address', 'This is an IP address, not a name.')
  return ok(name)
}

/** The local part of a new mailbox or alias, lower-cased, as La Régie constrains it (docs/dimail.md 8.3). */
export function normaliseLocalPart(text: string): Result<string> {
  const local = text.trim().toLowerCase()
  if (local === '') return refuse('empty', 'The part before the @ is needed.')
  if (local.length > 150) return refuse('too-long', 'The part before the @ has at most 150 characters.')
  if (!/^[a-z0-9_.-]+$/.test(local))
    return refuse('characters', 'The part before the @ holds letters, digits and . _ - only.')
  return segmentOf(local)
}

/**
 * A local part, or the destination of an alias, that dimail already holds: its case is kept, and what dimail
 * let in is let through, so that it can be repaired (docs/dimail.md 4.1, 5). Nothing that a server in between
 * could take for the end of the segment (docs/dimail.md 9, S1).
 */
export function existingPart(text: string): Result<string> {
  if (text.length > 320) return refuse('too-long', 'This is longer than any address.')
  if (/[/\\?#%]/.test(text)) return refuse('characters', 'A character of this address is not allowed here.')
  return segmentOf(text)
}

/**
 * The destination of a new alias: an address, or dimail's `devnull@devnull` (docs/dimail.md 5), hence a host
 * without a dot is allowed for `localhost` and `devnull` only (docs/dimail.md 8.5).
 */
export function normaliseEmail(text: string): Result<string> {
  const typed = text.trim()
  const at = typed.lastIndexOf('@')
  if (at <= 0 || typed.indexOf('@') !== at) return refuse('email', 'This is not an e-mail address.')
  const local = typed.slice(0, at)
  if (local.length > 64) return refuse('too-long', 'The part before the @ has at most 64 characters.')
  if (!/^[a-z0-9!#$%&'*+/=?^_`{|}~.-]+$/i.test(local) || /^\.|\.\.|\.$/.test(local))
    return refuse('characters', 'The part before the @ holds a character that is not allowed.')
  const host = typed.slice(at + 1).toLowerCase()
  if (host === 'localhost' || host === 'devnull') return ok(`${local}@${host}`)
  const domain = normaliseDomain(host)
  return domain.ok ? ok(`${local}@${domain.value}`) : domain
}

/** The name of a dimail account, which becomes a path segment or a field of a body. */
export function normaliseUser(text: string): Result<string> {
  if (text.length > 200) return refuse('too-long', 'The name of an account has at most 200 characters.')
  return segmentOf(text)
}

/** Anything that will be one segment of a path: the segments a URL parser would collapse are refused. */
function segmentOf(text: string): Result<string> {
  if (text === '') return refuse('empty', 'A name is needed.')
  if (text === '.' || text === '..') return refuse('dots', 'A name made of dots only is not allowed.')
  if (/\p{Cc}|\p{Cs}/u.test(text)) return refuse('characters', 'A control character is not allowed.')
  return ok(text)
}
