import { domainToUnicode } from 'node:url'
import type { DomainPreview } from '../../preload/people-shapes.ts'
import { normaliseDomain } from '../dimail/names.ts'
import type { Workspace } from '../jobs/workspace.ts'

/** Known here and still listed: one that dimail lists no more may be created again. */
export function isKnown({ cache }: Pick<Workspace, 'cache'>, name: string): boolean {
  return cache.read(name)?.gone === false
}

/** What a typed name would be at dimail, while it is typed: nothing leaves. */
export function previewDomain(workspace: Pick<Workspace, 'cache'>, text: string): DomainPreview {
  const name = normaliseDomain(text)
  if (!name.ok) return { ascii: '', unicode: '', known: false, failure: name.failure }
  const ascii = name.value
  return { ascii, unicode: domainToUnicode(ascii) || ascii, known: isKnown(workspace, ascii), failure: null }
}
