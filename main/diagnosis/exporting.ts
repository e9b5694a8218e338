import type { Input } from '../../preload/contract.ts'
import { ok, type Result } from '../../preload/failure.ts'
import { normaliseDomain } from '../dimail/names.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { readDns } from './diagnose.ts'
import { exportRecords } from './records-export.ts'

type Asked = Input<'dns.export'>

const endings = { bind: 'zone', csv: 'csv', tsv: 'tsv', markdown: 'md' }

/** The name that the dialog proposes. */
export const suggestedExport = ({ name, what, format }: Asked): string =>
  `${name}-dns-${what === 'expected' ? 'expected' : 'changes'}.${endings[format]}`

/** What dimail expects, or what the proposal would publish, in a form that other programs take. */
export async function exportDns(
  workspace: Pick<Workspace, 'cache' | 'desk'>,
  { name, what, format }: Asked,
): Promise<Result<string>> {
  const known = normaliseDomain(name)
  if (!known.ok) return known
  const state = await readDns(workspace, known.value)
  if (!state.ok) return state
  const { diagnosis, proposal } = state.value
  const expected = workspace.cache.read(known.value)?.records?.items ?? []
  const zone = diagnosis?.delegation.zone ?? null
  return ok(exportRecords({ domain: known.value, zone, what, format, expected, proposal }))
}
