import type { Rehearsal } from '../../preload/dns-shapes.ts'
import { failed, ok, type Result } from '../../preload/failure.ts'
import type { ExpectedRecord } from '../../preload/shapes.ts'
import { normaliseDomain } from '../dimail/names.ts'
import { sourceView } from '../dns/compare/source-view.ts'
import { rehearse } from '../dns/propose/rehearse.ts'
import { createPurse } from '../dns/read/gate.ts'
import { firstOf, noting, type Question, questionKey, type View } from '../dns/zone/view.ts'
import { type Diagnosing, proposalFor } from './diagnose.ts'

/** Rounds in which what typed records lead to is asked: an SPF includes others. */
const mostRounds = 4
const mostNames = 40
/** Whatever the servers of others do with them: an agent waits. */
const mostQuestions = 200
const mostMs = 15_000

/**
 * What would be found, were these changes of the proposal made and these records published (docs/field.md N14). What
 * a typed record leads to is asked of DNS when `mayAsk`. Fails with `not-possible/dns-not-read` before a diagnosis.
 */
export async function rehearseDns(
  { cache, resolver }: Pick<Diagnosing, 'cache' | 'resolver'>,
  asked: { name: string; changes: readonly string[]; publish: readonly ExpectedRecord[] },
  mayAsk: boolean,
  signal: AbortSignal,
): Promise<Result<Rehearsal>> {
  const known = normaliseDomain(asked.name)
  if (!known.ok) return known
  const domain = known.value
  const kept = cache.readDiagnosis(domain)
  if (kept === null)
    return failed('not-possible', 'dns-not-read', 'The DNS of this domain has not been read yet.')
  const expected = cache.read(domain)?.records?.items ?? []
  const { zone } = kept.diagnosis.delegation
  const now = sourceView(kept.reading)
  const proposal = proposalFor(domain, expected, kept)
  const { changes, publish } = asked
  const on = (view: View) => rehearse({ domain, zone, expected, view, proposal, changes, publish })
  const more = mayAsk ? await askedFor(on, now, resolver, signal) : now
  return ok(on(more))
}

/** The view with the answers to what a rehearsal looks for in vain. */
async function askedFor(
  on: (view: View) => unknown,
  view: View,
  { lookup }: Pick<Diagnosing['resolver'], 'lookup'>,
  signal: AbortSignal,
): Promise<View> {
  const answers = new Map<string, Awaited<ReturnType<typeof lookup>>>()
  const purse = createPurse(mostQuestions)
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(mostMs)])
  const known = firstOf(view, { look: (name, type) => answers.get(questionKey({ name, type })) })
  const ask = async (question: Question) =>
    void answers.set(questionKey(question), await lookup(question.name, question.type, inTime, { purse }))
  for (let round = 0; round < mostRounds && answers.size < mostNames; round += 1) {
    const noted = noting(known)
    on(noted)
    const wanted = noted.wanted().slice(0, mostNames - answers.size)
    if (wanted.length === 0) break
    await Promise.all(wanted.map(ask))
  }
  return known
}
