import { VisuallyHidden } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../preload/shapes.ts'
import { Records } from '../domain/Records.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useRights } from '../rights/use-rights.ts'
import { useDns, useStores } from '../stores.ts'
import { Delegation } from './Delegation.tsx'
import { DnsTools } from './DnsTools.tsx'
import classes from './dns.module.css'
import { InformationCard } from './InformationCard.tsx'
import { ProposalCard } from './ProposalCard.tsx'
import { RehearsalDialog } from './RehearsalDialog.tsx'
import { Situation } from './Situation.tsx'
import { useDnsAway } from './use-dns-away.ts'
import { VerdictTable } from './VerdictTable.tsx'
import { WatchToggle } from './WatchToggle.tsx'

/** What dimail expects, what it said, what DNS says now, and what to do about it (field N1, N3, N11, N14). */
export function DnsTab({ domain }: { domain: Domain }) {
  const { t } = useTranslation()
  const { name } = domain
  const { dns: store } = useStores()
  const mine = useDns((state) => state.name === name)
  const dns = useDns((state) => state.dns)
  const missing = useDns((state) => state.missing)
  const failure = useDns((state) => state.failure)
  const asked = useDns((state) => state.asked)
  const { may } = useRights(name)
  const [rehearsing, setRehearsing] = useState(false)
  useRead(name)
  if (!mine || dns === null) {
    return missing ? <FailureCard failure={missing} /> : <p>{t('domains.loading')}</p>
  }
  const { diagnosis, proposal } = dns
  return (
    <div className={classes.tab}>
      <VisuallyHidden role="status">{asked ? t('dns.asked') : null}</VisuallyHidden>
      <Situation dns={dns} domain={domain} mayCheck={may('domain.check')} />
      <DnsTools dns={dns} domain={domain} rehearse={() => setRehearsing(true)} />
      {missing ? <FailureCard failure={missing} /> : null}
      {failure ? <FailureCard failure={failure} /> : null}
      {diagnosis && diagnosis.records.length > 0 ? (
        <VerdictTable dns={dns} diagnosis={diagnosis} domain={domain} />
      ) : (
        <Records domain={domain} />
      )}
      {proposal ? <ProposalCard dns={dns} proposal={proposal} /> : null}
      <WatchToggle
        watch={dns.watch}
        mayWatch={may('domain.check')}
        set={(isOn) => void store.getState().watch(isOn)}
      />
      {diagnosis ? (
        <div className={classes.beside}>
          <Delegation diagnosis={diagnosis} />
          {diagnosis.delegation.state === 'not-delegated' ? null : (
            <InformationCard information={diagnosis.information} />
          )}
        </div>
      ) : null}
      <RehearsalDialog
        opened={rehearsing}
        close={() => setRehearsing(false)}
        domain={domain}
        changes={proposal?.changes ?? []}
        diagnosis={diagnosis}
      />
    </div>
  )
}

/** What is kept is read first, so that the page is readable at once; the servers are asked when it is old. */
function useRead(name: string): void {
  const { dns: store } = useStores()
  const away = useDnsAway()
  const isRead = useDns((state) => state.name === name && state.dns !== null)
  useEffect(() => {
    void store.getState().open(name)
  }, [name, store])
  useEffect(() => {
    if (isRead && away === null) void store.getState().refresh(Date.now())
  }, [isRead, away, store])
}
