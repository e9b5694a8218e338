import { judgeReading } from '../../main/dns/compare/judge-reading.ts'
import { questionsFor } from '../../main/dns/compare/questions.ts'
import { sourceView } from '../../main/dns/compare/source-view.ts'
import { furtherQuestions } from '../../main/dns/propose/further.ts'
import { propose } from '../../main/dns/propose/propose.ts'
import { readZone } from '../../main/dns/read/read-zone.ts'
import { createResolver } from '../../main/dns/read/resolver.ts'
import type { DnsRecord, ZoneChange } from '../../preload/dns-shapes.ts'
import type { ExpectedRecord } from '../../preload/shapes.ts'
import { createTree, type Tree } from '../fakes/dns-tree.ts'

/** A tree is read as a diagnosis reads it, then judged, and what is to do is proposed. */
export async function diagnosed(domain: string, tree: Tree, expected: readonly ExpectedRecord[]) {
  const made = createTree(tree)
  const resolver = createResolver({ ...made, resolvers: () => [], now: Date.now })
  const reading = await readZone(resolver, {
    domain,
    ...questionsFor(domain, expected),
    more: (view, zone) => furtherQuestions(domain, zone, expected, view),
    probe: 'nobody-1',
    signal: new AbortController().signal,
  })
  const { zone } = reading.delegation
  const proposal = propose(domain, zone, expected, sourceView(reading))
  return { reading, ...judgeReading(reading, expected), proposal, asked: made.asked }
}

/** A record in one line. */
export const lineOf = ({ name, type, priority, value }: DnsRecord): string =>
  `${name} ${type} ${priority === null ? '' : `${priority} `}${value}`

/** A change in one line, the value cut to what one reads. */
export const toldOf = ({ act, before, after }: ZoneChange): string => {
  const one = act === 'delete' ? before : after
  return `${act} ${one === null ? '' : lineOf(one).slice(0, 60)}`
}
