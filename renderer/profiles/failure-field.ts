import type { Failure } from '../../preload/failure.ts'

/** Fields by the reason that main gives, or by what its reason begins with. */
const fields: readonly (readonly [RegExp, string])[] = [
  [/^password-needed$|^credentials$|^no-credentials$|^password$/, 'secrets.password'],
  [/^profile-name$|^name$/, 'name'],
  [/^address$|^url$|^dimail-address$/, 'address'],
  [/^username$/, 'username'],
  [/^issuer/, 'signIn.issuer'],
  [/^client-id$/, 'signIn.clientId'],
  [/^client-secret|^no-client-secret$/, 'secrets.clientSecret'],
  [/^redirect-path$|^path$/, 'signIn.path'],
  [/^ports?$|^port-busy$/, 'signIn.ports'],
  [/^deploycenter-address$/, 'entitlements.address'],
  [/^deploycenter-key$|^deploycenter-no-key$/, 'secrets.deployCenterKey'],
  [/^service-id$/, 'entitlements.serviceId'],
  [/^claims?$|^reserved-claim$/, 'entitlements.claims'],
  [/^flags-address$/, 'flags.address'],
  [/^provisioning-port$/, 'provisioning.port'],
  [/^provisioning-key$/, 'secrets.provisioningKey'],
  [/^attributes-schema$|^schema$/, 'attributesSchema'],
]

/** The field of the editor that a failure of main names; null when it is about none of them. */
export function fieldOf({ code, reason, details }: Failure): string | null {
  if (code !== 'invalid' && code !== 'refused' && code !== 'conflict') return null
  const { field } = details
  if (typeof field === 'string' && fields.some(([, known]) => known === field)) return field
  return fields.find(([pattern]) => pattern.test(reason))?.[1] ?? null
}
