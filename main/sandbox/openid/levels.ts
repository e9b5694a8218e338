import { z } from 'zod'

/** The levels of assurance that every account can reach; the first is the one of who asks for none. */
export const levels = [
  'eidas1',
  'eidas2',
  'eidas3',
  'https://proconnect.gouv.fr/assurance/self-asserted',
  'https://proconnect.gouv.fr/assurance/consistency-checked',
  'https://proconnect.gouv.fr/assurance/self-asserted-2fa',
  'https://proconnect.gouv.fr/assurance/consistency-checked-2fa',
]

const claims = z.object({
  id_token: z.object({
    acr: z.object({
      essential: z.boolean().default(false),
      value: z.string().optional(),
      values: z.array(z.string()).default([]),
    }),
  }),
})

/** The level that a request gets; null when it insists on one that nobody here has (OpenID Connect Core 5.5.1.1). */
export function levelFor(params: Record<string, unknown>): string | null {
  const told = typeof params.claims === 'string' ? claims.safeParse(parsed(params.claims)) : null
  const claim = told?.success ? told.data.id_token.acr : undefined
  const listed = typeof params.acr_values === 'string' ? params.acr_values.split(' ') : []
  const wanted = claim === undefined ? listed : [claim.value ?? [], claim.values].flat()
  const found = wanted.find((level) => levels.includes(level))
  if (found === undefined && claim?.essential && wanted.length > 0) return null
  return found ?? levels[0] ?? null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
