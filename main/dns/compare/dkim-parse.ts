export type DkimTag = { name: string; value: string }

/** A DKIM key record read; any error makes verifiers ignore it (RFC 6376 3.2, 6.1.2). */
export type Dkim = {
  text: string
  /** In order; of a repeated tag, which is an error, the first. White space around a value is left out. */
  tags: DkimTag[]
  /** What cannot be read, as it stands. */
  errors: string[]
}

const aroundValue = /^[ \t\r\n]+|[ \t\r\n]+$/g

/**
 * Reads a tag list (RFC 6376 3.2): `name=value` pairs between semicolons, white space folded.
 * @param text the strings of a TXT, joined.
 */
export function parseDkim(text: string): Dkim {
  const tags: DkimTag[] = []
  const errors: string[] = []
  // Tabs and line ends are white space here (RFC 6376 2.8), though a TXT shows them as octets.
  const parts = text.replace(/\\(?:009|010|013)/g, ' ').split(';')
  for (const [place, part] of parts.entries()) {
    const spec = part.replace(aroundValue, '')
    // The one empty part that may be is after the last semicolon.
    if (spec === '' && place === parts.length - 1 && place > 0) continue
    const [, name, value = ''] = /^([a-z][a-z0-9_]*)[ \t\r\n]*=(.*)$/is.exec(spec) ?? []
    if (name === undefined || tags.some((tag) => tag.name === name)) errors.push(spec)
    else tags.push({ name, value: value.replace(aroundValue, '') })
  }
  return { text, tags, errors: [...errors, ...misplacedVersion(tags)] }
}

/** `v=` comes first when it is given, and is `DKIM1` to the letter (RFC 6376 3.6.1). */
function misplacedVersion(tags: readonly DkimTag[]): string[] {
  const at = tags.findIndex((tag) => tag.name === 'v')
  const version = tags[at]
  return version !== undefined && (at > 0 || version.value !== 'DKIM1') ? [`v=${version.value}`] : []
}

/** A tag's value; null: the tag is not there. Base64 and lists lose all their white space (RFC 6376 3.6.1). */
export function tagOf({ tags }: Dkim, name: string): string | null {
  const value = tags.find((tag) => tag.name === name)?.value
  return value === undefined ? null : value.replace(/[ \t\r\n]+/g, '')
}
