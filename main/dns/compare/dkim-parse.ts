/** A DKIM key record read; any error makes verifiers ignore it (RFC 6376 3.2, 6.1.2). */
export type Dkim = {
  text: string
  /** By name, in order; of a repeated one, which is an error, the first. White space around a value is left out. */
  tags: ReadonlyMap<string, string>
  /** What cannot be read, as it stands. */
  errors: string[]
}

/** Tabs and line ends are white space here (RFC 6376 2.8), though a TXT shows them as octets. */
export const folded = (text: string): string => text.replace(/\\(?:009|010|013)/g, ' ')

/** Walked by hand: a pattern for white space at the end takes the square of its length where none is there. */
function stripped(text: string): string {
  const isWhite = (at: number) => ' \t\r\n'.includes(text.charAt(at))
  let from = 0
  let to = text.length
  while (from < to && isWhite(from)) from++
  while (from < to && isWhite(to - 1)) to--
  return text.slice(from, to)
}

/**
 * Reads a tag list (RFC 6376 3.2): `name=value` pairs between semicolons, white space folded.
 * @param text the strings of a TXT, joined.
 */
export function parseDkim(text: string): Dkim {
  const tags = new Map<string, string>()
  const errors: string[] = []
  const parts = folded(text).split(';')
  for (const [place, part] of parts.entries()) {
    const spec = stripped(part)
    // The one empty part that may be is after the last semicolon.
    if (spec === '' && place === parts.length - 1 && place > 0) continue
    const [, name, value = ''] = /^([a-z][a-z0-9_]*)[ \t\r\n]*=(.*)$/is.exec(spec) ?? []
    if (name === undefined || tags.has(name)) errors.push(spec)
    else tags.set(name, stripped(value))
  }
  return { text, tags, errors: [...errors, ...misplacedVersion(tags)] }
}

/** `v=` comes first when it is given, and is `DKIM1` to the letter (RFC 6376 3.6.1). */
function misplacedVersion(tags: ReadonlyMap<string, string>): string[] {
  const version = tags.get('v')
  const [first] = tags.keys()
  return version !== undefined && (first !== 'v' || version !== 'DKIM1') ? [`v=${version}`] : []
}

/** A tag's value; null: the tag is not there. Base64 and lists lose all their white space (RFC 6376 3.6.1). */
export const tagOf = ({ tags }: Dkim, name: string): string | null =>
  tags.get(name)?.replace(/[ \t\r\n]+/g, '') ?? null
