const plain = /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[^\s@<>()[\]\\,;:"\p{C}]{1,255}$/u

/** Whether a text is one e-mail address and nothing else: no name, no second address, no end of line. */
export const isAddress = (text: string): boolean => plain.test(text)

/** Two addresses compared as dimail's must be, whatever their case (docs/dimail.md 7.10). */
export const isSameAddress = (a: string, b: string): boolean =>
  a.trim().toLowerCase() === b.trim().toLowerCase()

/**
 * A sender as an agent types it, `name@town.example` or `Name <name@town.example>`; null when it is neither.
 */
export function parseSender(text: string): { name: string; address: string } | null {
  const { name = '', address = '' } =
    /^(?:(?<name>[^<>\p{C}]*)<)?(?<address>[^<>]+?)>?$/u.exec(text.trim())?.groups ?? {}
  if (!isAddress(address) || text.includes('<') !== text.trim().endsWith('>')) return null
  return { name: name.replaceAll('"', '').trim(), address }
}
