import { failed, ok, type Result } from '../../preload/failure.ts'

/** What a line may say of a mailbox. */
export const fields = ['localPart', 'givenName', 'surName', 'secondaryEmail', 'displayName'] as const
export type Field = (typeof fields)[number]

/** Where each field is in a line; absent: the file does not have it. */
export type Columns = Partial<Record<Field, number>>

/** Without a header: local part, given name, surname, secondary address. */
export const usualOrder: Columns = { localPart: 0, givenName: 1, surName: 2, secondaryEmail: 3 }

export const columnLimit = 1000

const mail = ['e mail', 'email', 'mail', 'courriel', 'adresse', 'address', 'adresse electronique']
const words: Record<Field, readonly string[]> = {
  localPart: [
    ...mail,
    ...['e mail', 'email', 'mail', 'courriel'].map((word) => `adresse ${word}`),
    ...['e mail', 'email', 'mail'].map((word) => `${word} address`),
    ...['local part', 'localpart', 'partie locale', 'identifiant', 'login', 'username', 'user name'],
    ...['nom d utilisateur', 'boite', 'boite aux lettres', 'boite mail', 'mailbox'],
  ],
  givenName: ['prenom', 'prenoms', 'given name', 'givenname', 'first name', 'firstname', 'forename'],
  surName: ['nom', 'nom de famille', 'surname', 'last name', 'lastname', 'family name'],
  secondaryEmail: [
    ...mail.flatMap((word) => [`${word} secondaire`, `secondary ${word}`, `${word} de secours`]),
    ...['secondaryemail', 'adresse mail secondaire', 'adresse e mail secondaire', 'secondary e mail address'],
    ...['secondary email address', 'recovery email', 'recovery address', 'adresse personnelle'],
  ],
  displayName: ['nom affiche', 'nom complet', 'display name', 'displayname', 'full name'],
}
const fieldOf = new Map(fields.flatMap((field) => words[field].map((word) => [word, field] as const)))

/** A header as it is compared: neither case, accents nor punctuation count. */
const plain = (header: string): string =>
  header
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/**
 * The columns that the first line names, or null when it is no header: it is one when it names the address, or two
 * columns. Fails with `invalid/csv-headers-doubled` when two say the same, whose cells would contradict each other,
 * and with `invalid/csv-no-address` when none says which mailbox.
 */
export function columnsOf(cells: readonly string[]): Result<Columns | null> {
  const names = cells.map(plain)
  const known = names.map((name) => fieldOf.get(name))
  const count = known.filter((field) => field !== undefined).length
  if (count === 0 || (count < 2 && !known.includes('localPart'))) return ok(null)
  const seen = new Map<string, number>()
  for (const [place, name] of names.entries()) {
    if (name === '') continue
    const subject = known[place] ?? name
    const first = seen.get(subject)
    if (first !== undefined) {
      const details = { first: shown(cells[first]), second: shown(cells[place]) }
      return failed('invalid', 'csv-headers-doubled', 'Two columns of the file say the same.', details)
    }
    seen.set(subject, place)
  }
  const columns: Columns = {}
  for (const [place, field] of known.entries()) if (field) columns[field] = place
  if (columns.localPart === undefined)
    return failed('invalid', 'csv-no-address', 'No column of the file gives the address of the mailbox.')
  return ok(columns)
}

const shown = (header = ''): string => header.trim().slice(0, 60)
