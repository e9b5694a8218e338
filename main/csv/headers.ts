import type { Locale } from '../../preload/shapes.ts'

/** The header of each form; `exact` names what it holds as the contract does. */
export const headers = {
  fr: {
    mailboxes: [
      'Adresse',
      'Prénom',
      'Nom',
      'Nom affiché',
      'Sorte',
      'Réception (IMAP)',
      'Envoi (SMTP)',
      'Adresse secondaire',
    ],
    aliases: ['Alias', 'Destination', 'Peut envoyer'],
  },
  en: {
    mailboxes: [
      'Address',
      'Given name',
      'Surname',
      'Display name',
      'Kind',
      'Receives (IMAP)',
      'Sends (SMTP)',
      'Secondary address',
    ],
    aliases: ['Alias', 'Destination', 'May send'],
  },
  exact: {
    mailboxes: ['address', 'givenName', 'surName', 'displayName', 'kind', 'imap', 'smtp', 'secondaryEmail'],
    aliases: ['alias', 'destination', 'allowToSend'],
  },
} as const

const words: Record<Locale, Record<string, string>> = {
  fr: {
    person: 'personnelle',
    functional: 'fonctionnelle',
    technical: 'technique',
    yes: 'oui',
    no: 'non',
    wait: 'en cours',
    unknown: 'inconnu',
  },
  en: { person: 'personal', wait: 'on its way' },
}

/** How a value of dimail is said in a language; null: as it is. */
export const say = (locale: Locale | null) => (value: string) =>
  locale === null ? value : (words[locale][value] ?? value)
