import { UncaughtDnsError } from './zone.ts'

/**
 * Whether an SPF record includes `wanted` with the `+` qualifier, its default.
 * @throws UncaughtDnsError for what dimail's parser does not survive (docs/dimail.md 6.3): a bare `a` or
 * `ptr`, `redirect=`, `exp=`, or no `all` at the end.
 */
export function spfIncludes(record: string, wanted: string): boolean {
  const terms = record.split(' ').filter(Boolean).slice(1)
  const unparsable = terms.some((term) => /^[+?~-]?(a|ptr)$|^(redirect|exp)=/i.test(term))
  if (unparsable || !/^[+?~-]?all$/i.test(terms.at(-1) ?? '')) {
    throw new UncaughtDnsError(`SPF parse error: ${record}`)
  }
  const include = `include:${wanted}`.toLowerCase()
  return terms.some((term) => term.toLowerCase() === include || term.toLowerCase() === `+${include}`)
}

/**
 * Whether a published DKIM TXT has exactly the tags of the stored one, whatever their order.
 * @throws UncaughtDnsError when it lacks a `v`, `h`, `k` or `p` that the stored one has (docs/dimail.md 6.3).
 */
export function sameDkim(published: string, stored: string): boolean {
  const found = tags(published)
  const wanted = tags(stored)
  if (['v', 'h', 'k', 'p'].some((tag) => wanted.has(tag) && !found.has(tag))) {
    throw new UncaughtDnsError(`DKIM tags missing: ${published}`)
  }
  return found.size === wanted.size && [...wanted].every(([tag, value]) => found.get(tag) === value)
}

function tags(record: string): Map<string, string> {
  const pairs = record.split(';').flatMap((part): [string, string][] => {
    const [name, ...value] = part.split('=')
    return name === undefined || value.length === 0 ? [] : [[name.trim(), value.join('=').replace(/\s/g, '')]]
  })
  return new Map(pairs)
}
