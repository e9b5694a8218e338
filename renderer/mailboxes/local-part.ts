/**
 * The local part that the names suggest: lower case, without accents, blanks and apostrophes, "prenom.nom". What is
 * left is what dimail takes (docs/dimail.md 8.3); names in another script suggest nothing.
 */
export function suggestedLocalPart(givenName: string, surName: string): string {
  return [givenName, surName].map(plain).filter(Boolean).join('.')
}

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .trim()
    .replace(/\s+/g, '-')
    .replace(/[^a-z0-9-]/g, '')
    .replace(/^-+|-+$/g, '')
