import type { Input } from '../../preload/contract.ts'
import type { DnsLetter } from '../../preload/dns-shapes.ts'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { readChecks } from '../dimail/checks.ts'
import { normaliseDomain } from '../dimail/names.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { hostBy, readDns } from './diagnose.ts'
import { letterOf, type WrittenLetter } from './letter.ts'
import { templateOf } from './own-templates.ts'

type Asked = Input<'dns.letter'>

/**
 * Writes the letter to a town from what was last found of its DNS. Fails with `not-possible/dns-not-read` before a
 * diagnosis, and as `letterOf`.
 */
export async function writeLetter(
  workspace: Pick<Workspace, 'cache' | 'desk' | 'profile' | 'person'>,
  { name, locale, note }: Asked,
): Promise<Result<WrittenLetter>> {
  const known = normaliseDomain(name)
  if (!known.ok) return known
  const state = await readDns(workspace, known.value)
  if (!state.ok) return state
  const { diagnosis, proposal, steps } = state.value
  if (diagnosis === null || proposal === null)
    return failed('not-possible', 'dns-not-read', 'The DNS of this domain has not been read yet.')
  const { profile, cache, person } = workspace
  const answer = cache.read(known.value)?.snapshots[0]?.answer
  const who = person()
  return letterOf(
    {
      ...{ domain: known.value, diagnosis, proposal, steps, locale, note },
      host: hostBy(diagnosis.delegation),
      service: profile.name,
      // An identity that is not a name would tell the town nothing.
      agent: who.name === who.id ? null : who.name,
      checks: answer === undefined ? [] : readChecks(JSON.parse(answer)),
    },
    templateOf(profile.letters, locale),
  )
}

/** The same, as the page shows it, with the address that the town is known by. */
export async function showLetter(
  workspace: Parameters<typeof writeLetter>[0],
  asked: Asked,
  canSend: boolean,
): Promise<Result<DnsLetter>> {
  const known = normaliseDomain(asked.name)
  if (!known.ok) return known
  const letter = await writeLetter(workspace, asked)
  if (!letter.ok) return letter
  const town = await workspace.desk.towns.get(known.value)
  const { subject, text, markdown } = letter.value
  return ok({ to: town?.supportEmail ?? null, subject, text, markdown, canSend })
}
