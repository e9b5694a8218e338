import { ok, type Result } from '../../preload/failure.ts'
import type { Dimail, DomainAnswer } from '../dimail/client.ts'
import { isUnknownDomain } from '../dimail/failures.ts'

/** A domain as dimail knows it now, from what it remembers, else from a check; null: it has none of this name. */
export async function lookUp(
  dimail: Pick<Dimail, 'readDomain' | 'checkDomain'>,
  name: string,
): Promise<Result<DomainAnswer | null>> {
  const read = await dimail.readDomain(name)
  if (read.ok) return read
  if (isUnknownDomain(read.failure)) return ok(null)
  const checked = await dimail.checkDomain(name)
  if (!checked.ok && isUnknownDomain(checked.failure)) return ok(null)
  return checked
}
