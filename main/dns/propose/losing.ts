import type { ZoneChange } from '../../../preload/dns-shapes.ts'
import { expanded } from '../compare/spf-count.ts'
import { isSpf } from '../compare/spf-parse.ts'
import { absolute } from '../zone/names.ts'
import type { View } from '../zone/view.ts'
import { viewAfter } from './apply.ts'
import type { Place } from './here.ts'
import { partsOf } from './spf-parts.ts'

/**
 * Says of an MX that goes, in the fact `loses`, that its host may no longer send: where an SPF lets `mx` send
 * (RFC 7208 5.4), that right follows the MX without a word of the SPF being changed. Nothing is said of a host that the
 * SPF names besides, or that stays an MX.
 */
export function tellingLost(place: Place, changes: readonly ZoneChange[]): ZoneChange[] {
  const { domain } = place
  if (!lets(domain, place.view, 'mx', domain)) return [...changes]
  const view = viewAfter(place, changes)
  const mx = (view.look(domain, 'MX')?.records ?? []).map(({ value }) => absolute(value))
  return changes.map((change) => {
    const { before } = change
    if (before?.type !== 'MX' || before.name !== domain) return change
    const host = absolute(before.value)
    const stays = host === '' || mx.includes(host) || lets(domain, view, 'a', host)
    return stays ? change : { ...change, facts: { ...change.facts, loses: host } }
  })
}

/** Whether an SPF of the domain lets `mechanism` of this name send. */
function lets(domain: string, view: View, mechanism: 'a' | 'mx', name: string): boolean {
  const texts = view.look(domain, 'TXT')?.records ?? []
  return texts
    .filter(({ value }) => isSpf(value))
    .flatMap(({ value }) => partsOf(value).reached)
    .filter((one) => one.qualifier === '+' && one.mechanism === mechanism)
    .some(({ target }) => expanded(target ?? domain, domain) === name)
}
