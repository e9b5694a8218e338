import { useJobs, useMailboxes, useStores } from '../stores.ts'
import { TellPasswords } from './TellPasswords.tsx'

/** After a bulk creation: the passwords of those who have no secondary address. */
export function CsvPasswords({ domain }: { domain: string }) {
  const { bridge, mailboxes } = useStores()
  const id = useMailboxes((state) => state.bulk.get(domain))
  const job = useJobs((state) => state.jobs.find((one) => one.id === id))
  if (id === undefined || !job || job.state === 'running' || job.done === 0) return null
  return (
    <TellPasswords
      count={null}
      take={() => bridge['csv.passwords']({ domain, job: id })}
      told={() => mailboxes.getState().rememberBulk(domain, null)}
    />
  )
}
