import type { Diagnosis } from '../../preload/dns-shapes.ts'
import type { Outcome } from '../store/job-store.ts'
import { type Diagnosing, diagnose } from './diagnose.ts'
import type { Watching } from './watching.ts'

/** How many records DNS does not give as they should be; what cannot be read is among them. */
const toCorrectIn = ({ records }: Pick<Diagnosis, 'records'>): number =>
  records.filter(({ verdict }) => verdict !== 'correct').length

/** One row of a job that diagnoses domains. */
export async function diagnoseAsRow(
  workspace: Diagnosing & { watching: Pick<Watching, 'seen'> },
  name: string,
  signal: AbortSignal,
  settle: (outcome: Outcome) => void,
): Promise<void> {
  const diagnosed = await diagnose(workspace, name, signal)
  const at = workspace.now()
  if (diagnosed.ok) {
    settle({ state: 'done', status: null, toCorrect: toCorrectIn(diagnosed.value), at })
    await workspace.watching.seen(diagnosed.value)
  } else if (diagnosed.failure.code !== 'cancelled')
    settle({ state: 'failed', failure: diagnosed.failure, at })
}
