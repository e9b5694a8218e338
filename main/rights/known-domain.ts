import { failed, ok, type Result } from '../../preload/failure.ts'
import { normaliseDomain } from '../dimail/names.ts'
import type { Workspace } from '../jobs/workspace.ts'

/** A domain that this console knows, by the name that dimail gives it; else `not-found/domain`. */
export function knownDomain({ cache }: Pick<Workspace, 'cache'>, text: string): Result<string> {
  const name = normaliseDomain(text)
  if (!name.ok) return name
  return cache.read(name.value)
    ? ok(name.value)
    : failed('not-found', 'domain', `${name.value} is not known here.`)
}
