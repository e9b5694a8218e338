import { ok, type Result } from '../../preload/failure.ts'
import type { Dimail, DomainAnswer } from '../dimail/client.ts'

/** A domain as dimail knows it now, from what it remembers, else from a check; null: it has none of this name. */
export async function lookUp(
  dimail: Pick<Dimail, 'readDomain' | 'checkDomain'>,
  name: string,
): Promise<Result<DomainAnswer | null>> {
  const read = await dimail.readDomain(name)
  if (read.ok) return read
  if (isAbsent(read.failure)) return ok(null)
  const checked = await dimail.checkDomain(name)
  if (!checked.ok && isAbsent(checked.failure)) return ok(null)
  return checked
}

const isAbsent = ({ code, reason }: { code: string; reason: string }) =>
  code === 'not-found' && reason === 'domain'
