import { notAllowed } from './django.ts'

/** Where the flags are told: the public configuration of Messages (docs/entitlements.md 7). */
export const configurationPath = '/messages/api/v1.0/config/'

export type Flags = { create: boolean; manageAccesses: boolean }
/** Both on, for the sandbox shows everything. */
export const allFlags: Flags = { create: true, manageAccesses: true }

/** The answer to anybody, with other keys than the console's. */
export function configuration(flags: Flags, method: string): Response {
  if (method !== 'GET') return notAllowed(method, ['GET'])
  return Response.json({
    ENVIRONMENT: 'sandbox',
    LANGUAGES: [
      ['fr-fr', 'Français'],
      ['en-us', 'English'],
    ],
    LANGUAGE_CODE: 'fr-fr',
    FEATURE_AI_SUMMARY: false,
    FEATURE_MAILDOMAIN_CREATE: flags.create,
    FEATURE_MAILDOMAIN_MANAGE_ACCESSES: flags.manageAccesses,
    MAX_OUTGOING_ATTACHMENT_SIZE: 20_971_520,
  })
}
