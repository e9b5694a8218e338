import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Output } from '../../preload/contract.ts'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { isUnknownDomain } from '../dimail/failures.ts'
import { judge } from '../dimail/verdict.ts'
import type { Workspace } from './workspace.ts'

/** Rows stored between two turns of the event loop, so that a fleet of 100,000 never holds the window back. */
const batch = 400

/** The share of known domains that may vanish from one answer before the agent is asked (docs/faults.md 52). */
const believedShrink = 0.2

/**
 * Reads the whole fleet as dimail lists it. Nothing is checked: each domain is judged on what dimail stored.
 * A list that lost more than a fifth of the known domains is not believed unless `acceptShrink` says so.
 */
export async function refreshFleet(
  workspace: Workspace,
  acceptShrink: boolean,
  signal: AbortSignal = new AbortController().signal,
): Promise<Result<Output<'fleet.refresh'>>> {
  const { cache, dimail, now, changed } = workspace
  // As it was when dimail was asked: one that is created meanwhile is not gone for not being listed.
  const known = new Set(cache.names({ text: '', status: 'all' }))
  const listed = await dimail.listDomains(signal)
  if (!listed.ok) return listed
  const { rejected } = listed.value
  // Stored in the order in which they are asked for later: neighbours in the table are neighbours in the file.
  const domains = listed.value.domains.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const names = new Set(domains.map((domain) => domain.name))
  // A row that cannot be read may be any of those that seem missing: then none is believed to be gone.
  const gone = rejected > 0 ? [] : [...known].filter((name) => !names.has(name))
  if (!acceptShrink && gone.length > known.size * believedShrink) {
    const facts = { gone: gone.length, known: known.size, listed: names.size }
    return failed('list-shrunk', 'fleet', `dimail lists ${names.size} of ${known.size} known domains.`, facts)
  }
  const at = now()
  for (let start = 0; start < domains.length; start += batch) {
    const answers = domains.slice(start, start + batch).map((answer) => ({
      name: answer.name,
      raw: answer.raw,
      judge: (previous: Parameters<typeof judge>[1]) => judge(answer, previous),
      at,
      checked: false,
    }))
    if (signal.aborted) return failed('cancelled', 'asked', 'The profile was closed.')
    cache.storeAnswers(answers)
    await nextTurn()
  }
  if (signal.aborted) return failed('cancelled', 'asked', 'The profile was closed.')
  cache.markGone(gone, at)
  cache.setFleetFetchedAt(at)
  changed([])
  return ok({
    total: names.size,
    added: [...names].filter((name) => !known.has(name)).length,
    gone: gone.length,
    rejected,
  })
}

/**
 * Reads some domains of a fleet that the agent may not see whole: one by one, and never the list. One that dimail does
 * not know is gone; the first failure that speaks of dimail itself ends the reading.
 */
export async function refreshNamed(
  { cache, dimail, now, changed }: Pick<Workspace, 'cache' | 'dimail' | 'now' | 'changed'>,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<Result<Output<'fleet.refresh'>>> {
  const known = new Set(cache.names({ text: '', status: 'all' }))
  const gone: string[] = []
  let added = 0
  for (const name of wanted) {
    const read = await dimail.readDomain(name, signal)
    if (signal.aborted) return failed('cancelled', 'asked', 'The profile was closed.')
    if (!read.ok && isUnknownDomain(read.failure)) gone.push(name)
    else if (!read.ok) return read
    else {
      const { value } = read
      if (!known.has(name)) added++
      cache.storeAnswers([
        { name, raw: value.raw, judge: (previous) => judge(value, previous), at: now(), checked: false },
      ])
    }
  }
  cache.markGone(
    gone.filter((name) => known.has(name)),
    now(),
  )
  cache.setFleetFetchedAt(now())
  changed([])
  return ok({ total: wanted.length - gone.length, added, gone: gone.length, rejected: 0 })
}
