import { failed, ok, type Result } from '../../preload/failure.ts'
import { normaliseEmail } from '../dimail/names.ts'

export { accessKey } from '../store/access-changes.ts'

/** One invitation for each address and domain (docs/dimail.md 8.8). */
export const invitationKey = (domain: string, email: string): string => `${domain} ${email}`

/** A person's address as they are known by: lower case, on a host that can receive mail from anywhere. */
export function personAddress(text: string): Result<string> {
  const email = normaliseEmail(text)
  const isReachable = email.ok && email.value.slice(email.value.lastIndexOf('@')).includes('.')
  if (isReachable) return ok(email.value.toLowerCase())
  return failed('invalid', 'person-email', 'This is not the e-mail address of a person or of a service.')
}
