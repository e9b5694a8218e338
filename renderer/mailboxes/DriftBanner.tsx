import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DriftReport } from '../../preload/mailbox-shapes.ts'
import { useAgo } from '../parts/Ages.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useDrift, useMailboxes, useStores } from '../stores.ts'
import { DriftDialog } from './DriftDialog.tsx'
import classes from './mailboxes.module.css'

/** How dimail's list differs from what is known here, and the way to take it up. */
export function DriftBanner({ domain, mayImport }: { domain: string; mayImport: boolean }) {
  const { t } = useTranslation()
  const ago = useAgo()
  const about = useDrift((state) => state.domain)
  const report = useDrift((state) => state.report)
  const failure = useDrift((state) => state.failure)
  const imported = useDrift((state) => state.imported)
  const importing = useDrift((state) => state.importing)
  const [seeing, setSeeing] = useState(false)
  const take = useImport(report)
  if (about !== domain) return null
  const told = report === null ? 0 : Object.values(report.counts).reduce((sum, count) => sum + count, 0)
  return (
    <>
      {failure ? <FailureCard failure={failure}>{t('drift.failed')}</FailureCard> : null}
      {imported ? (
        <div className={classes.banner} data-tone="good" role="status">
          <span>
            {t('drift.imported', imported)}{' '}
            {imported.skipped > 0 ? t('drift.skipped', { count: imported.skipped }) : null}
          </span>
        </div>
      ) : null}
      {report === null || told === 0 ? null : (
        <div className={classes.banner} data-tone={report.toImport > 0 ? 'warn' : 'info'}>
          <span>
            <span role="status">
              {report.toImport > 0
                ? t('drift.differences', { count: report.toImport })
                : t('drift.onlyFacts', { count: told })}
            </span>{' '}
            <span className={classes.quiet}>{t('drift.comparedAt', { ago: ago(report.at) })}</span>
          </span>
          <Button size="compact-sm" variant="default" onClick={() => setSeeing(true)}>
            {t('drift.see')}
          </Button>
          {mayImport && report.toImport > 0 ? (
            <Button size="compact-sm" loading={importing} onClick={take.ask}>
              {t('drift.import')}
            </Button>
          ) : null}
        </div>
      )}
      {seeing && report ? (
        <DriftDialog report={report} mayImport={mayImport} take={take.ask} close={() => setSeeing(false)} />
      ) : null}
      {take.question}
    </>
  )
}

/** Imports at one click, but for a list that has lost too much: it is believed only when the agent says so. */
function useImport(report: DriftReport | null) {
  const { t } = useTranslation()
  const { drift } = useStores()
  const known = useMailboxes((state) => state.all)
  const [asking, setAsking] = useState(false)
  const gone = (report?.counts['unknown-at-dimail'] ?? 0) + (report?.counts['alias-unknown-at-dimail'] ?? 0)
  const ask = () => (report?.shrunk ? setAsking(true) : void drift.getState().take(false))
  const question = (
    <Confirm
      severe
      opened={asking}
      close={() => setAsking(false)}
      title={t('drift.askShrunk')}
      what={`${t('drift.shrunk', { count: gone, listed: report?.mailboxes ?? 0, known: known ?? 0 })} ${t('drift.shrunkWhat')}`}
      act={t('drift.acceptShrunk')}
      confirm={() => void drift.getState().take(true)}
    />
  )
  return { ask, question }
}
