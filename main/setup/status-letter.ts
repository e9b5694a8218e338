import { type Check, isFailing, type Status } from '../../preload/shapes.ts'
import type { Letter } from '../mail/letters.ts'

const worthTelling: readonly Status[] = ['enabled', 'action_required', 'failed']

/**
 * What to write to a town whose domain a check or a repair of this console found in another status (docs/field.md
 * 1.5); null when there is nothing to tell, or nobody to tell it to. A first sight has no status before: null.
 */
export function statusLetter(
  before: Status | null,
  after: Status,
  checks: readonly Check[],
  town: { name: string; supportEmail: string } | null,
  /** `now`: it is told again how things stand, whatever they were. */
  when: 'turned' | 'now' = 'turned',
): Letter | null {
  if (town === null || !worthTelling.includes(after)) return null
  if (when === 'turned' && (before === null || before === after)) return null
  const failing = checks.filter(isFailing).map(({ key }) => key)
  const { name, supportEmail } = town
  return { kind: 'status', domain: name, about: name, to: supportEmail, facts: { status: after, failing } }
}
