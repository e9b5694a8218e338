/** dimail's special destination, in words (docs/dimail.md 5). */
export function nameOf(destination: string, t: (key: string) => string): string {
  return destination.toLowerCase() === 'devnull@devnull' ? t('aliases.devnull') : destination
}
