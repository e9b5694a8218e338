/** Whether a TXT holds a byte that is no text, written as `\DDD` (RFC 1035 5.1). */
export const hasBytes = (text: string): boolean => /\\\d{3}/.test(text)

const term =
  /^[+?~-]?(?:all$|all |include:|a[:/ ]|mx(?:[:/ ]|$)|ptr(?:[: ]|$)|ip4:|ip6:|exists:|redirect=|exp=)/i

/**
 * Where the strings of an SPF run into each other: they are joined without a space (RFC 7208 3.3), which whoever split
 * them between two terms did not know. Null: nowhere.
 */
export function lostSeam(strings: readonly string[]): string | null {
  for (const [place, right] of strings.entries()) {
    const left = strings[place - 1]
    if (left === undefined || /[ +?~-]$/.test(left) || right.startsWith(' ')) continue
    // A term that was cut in its middle is whole again when joined.
    if (term.test(right)) return `${left.split(' ').at(-1)}${right.split(' ')[0]}`
  }
  return null
}
