import { domainOf } from '../../preload/mailbox-shapes.ts'
import type { JobKind, Locale } from '../../preload/shapes.ts'
import { diagnoseAsRow } from '../diagnosis/as-row.ts'
import type { Diagnosing } from '../diagnosis/diagnose.ts'
import type { Watching } from '../diagnosis/watching.ts'
import { checkDomain } from '../jobs/check.ts'
import type { Work } from '../jobs/queue.ts'
import { repairAsRow } from '../jobs/repair.ts'
import { setActiveAsRow } from '../mailboxes/change-active.ts'
import type { Passwords } from '../mailboxes/waiting-passwords.ts'
import { sendAsRow } from '../mailboxes/waiting-send.ts'
import type { Provisioning } from '../provisioning/apply.ts'
import type { ProvisionPlans } from '../provisioning/plans.ts'
import { provisionAsRow } from '../provisioning/run.ts'

/** Where the passwords of a job are kept: by domain, as the right to learn them is. */
export const passwordsOf = (job: number, domain: string): string => `${job} ${domain}`

/** What one row of each kind of job does. */
export function workOf(
  workspace: Provisioning & Diagnosing & { watching: Pick<Watching, 'seen'> },
  plans: ProvisionPlans,
  passwords: Passwords<string>,
  locales: ReadonlyMap<number, Locale>,
): Record<JobKind, Work> {
  return {
    check: (name, signal, settle) => checkDomain(workspace, name, signal, settle),
    repair: (name, _signal, settle) => repairAsRow(workspace, name, settle),
    'enable-mailboxes': (address, signal, settle) => setActiveAsRow(workspace, address, true, settle, signal),
    'disable-mailboxes': (address, signal, settle) =>
      setActiveAsRow(workspace, address, false, settle, signal),
    'create-mailboxes': (address, _signal, settle, job) =>
      sendAsRow(
        workspace,
        address,
        settle,
        (made) => passwords.put(passwordsOf(job, domainOf(address)), made),
        locales.get(job),
      ),
    diagnose: (name, signal, settle) => diagnoseAsRow(workspace, name, signal, settle),
    provision: (name, signal, settle, job) => provisionAsRow(workspace, plans, name, signal, settle, job),
  }
}
