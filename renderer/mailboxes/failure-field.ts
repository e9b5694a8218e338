import type { Failure } from '../../preload/failure.ts'

export type MailboxField = 'localPart' | 'givenName' | 'surName' | 'displayName' | 'secondaryEmail'

const fields: Record<string, MailboxField> = {
  'given-name': 'givenName',
  surname: 'surName',
  'secondary-email': 'secondaryEmail',
  'secondary-own': 'secondaryEmail',
  'display-name': 'displayName',
  'address-known': 'localPart',
  exists: 'localPart',
}

/** The field that a failure of main is about; null when it is about none of them. */
export function fieldOf({ code, reason }: Failure): MailboxField | null {
  if (code !== 'invalid' && code !== 'conflict') return null
  return reason.startsWith('local-') ? 'localPart' : (fields[reason] ?? null)
}
