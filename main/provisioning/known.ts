import type { Provisioned } from '../../preload/provisioning-shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'

/**
 * Whether a domain is known: dimail lists it, or it was never seen here but provisioning spoke of it, as after the
 * cache was begun again. One that dimail lists no more is unknown whatever was said of it: to call it existing would
 * leave a town without its domain.
 */
export function isKnownHere(
  { cache }: Pick<Workspace, 'cache'>,
  name: string,
  provisioned: Provisioned | null,
): boolean {
  const stored = cache.read(name)
  return stored ? !stored.gone : provisioned !== null
}

export type Known = { isKnown: boolean; provisioned: Provisioned | null }

/** The same for every name at once: a plan of thousands must not read each domain whole. */
export async function knownDomains(
  workspace: Pick<Workspace, 'cache' | 'desk'>,
): Promise<(name: string) => Known> {
  const listed = new Set(workspace.cache.names({ text: '', status: 'all' }))
  const provisioned = new Map<string, Provisioned>()
  for await (const part of workspace.desk.provisioned.inParts(null))
    for (const one of part) provisioned.set(one.domain, one)
  return (name) => {
    const said = provisioned.get(name) ?? null
    return {
      isKnown: listed.has(name) || (said !== null && isKnownHere(workspace, name, said)),
      provisioned: said,
    }
  }
}
