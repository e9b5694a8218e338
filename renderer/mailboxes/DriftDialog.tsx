import { Button, Group, Modal, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  activities,
  type Difference,
  type DifferenceKind,
  type DriftReport,
  differenceKinds,
} from '../../preload/mailbox-shapes.ts'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { usePaged } from '../parts/use-paged.ts'
import { VirtualTable } from '../parts/VirtualTable.tsx'
import { useStores } from '../stores.ts'
import classes from './mailboxes.module.css'

const isActivity = (kind: DifferenceKind) => kind === 'functional' || kind === 'other-activity'

type Props = { report: DriftReport; mayImport: boolean; take: () => void; close: () => void }

/** Every difference, by kind, with what each kind means and what an import does about it. */
export function DriftDialog({ report, mayImport, take, close }: Props) {
  const { t } = useTranslation()
  const kinds = differenceKinds.filter((kind) => (report.counts[kind] ?? 0) > 0)
  const [kind, setKind] = useState<DifferenceKind | null>(kinds[0] ?? null)
  return (
    <Modal
      opened
      size="xl"
      onClose={close}
      title={t('drift.title', { domain: report.domain })}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <p className={classes.quiet}>
        {t('drift.lists', {
          mailboxes: report.mailboxes,
          aliases: report.aliases,
          version: report.version,
        })}
      </p>
      <fieldset
        className={classes.tools}
        style={{ border: 0, padding: 0, marginBlockEnd: 10 }}
        aria-label={t('drift.kinds')}
      >
        {kinds.map((one) => (
          <UnstyledButton
            key={one}
            className={classes.filter}
            aria-pressed={kind === one}
            onClick={() => setKind(one)}
          >
            {t(`drift.kind.${one}`)} {report.counts[one]}
          </UnstyledButton>
        ))}
      </fieldset>
      {kind === null ? null : (
        <>
          <p role="status">{t(`drift.means.${kind}`)}</p>
          <Differences report={report} kind={kind} />
        </>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={close}>
          {t('app.close')}
        </Button>
        {mayImport && report.toImport > 0 ? (
          <Button
            onClick={() => {
              close()
              take()
            }}
          >
            {t('drift.importAll', { count: report.toImport })}
          </Button>
        ) : null}
      </Group>
    </Modal>
  )
}

function Differences({ report, kind }: { report: DriftReport; kind: DifferenceKind }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const list = usePaged<Difference>(`${report.domain} ${report.id} ${kind}`, (offset, limit) =>
    bridge['drift.list']({ domain: report.domain, report: report.id, kind, offset, limit }),
  )
  if (list.failure) return <FailureCard failure={list.failure} />
  /** dimail's own words for an activity or a right are told in the agent's language. */
  const said = (text: string | null) => {
    if (text === null) return <span className={classes.quiet}>–</span>
    const word = activities.find((one) => one === text)
    if (word === undefined) return <External>{text}</External>
    const told = t(`mailboxes.activity.${word}`)
    return isActivity(kind) ? t('mailboxes.imapOnly', { imap: told }) : told
  }
  return (
    <VirtualTable
      label={t(`drift.kind.${kind}`)}
      columns={[
        { id: 'subject', label: t('drift.column.subject'), width: '44%' },
        { id: 'here', label: t('drift.column.here') },
        { id: 'there', label: t('drift.column.there') },
      ]}
      count={list.total}
      rowHeight={36}
      height={320}
      keyOf={(index) => index}
      shown={list.shown}
      cells={(index) => {
        const row = list.rows.get(index)
        return row ? (
          <>
            <td className={classes.cell} title={row.subject}>
              <External>{row.subject}</External>
            </td>
            <td className={classes.cell}>{said(row.here)}</td>
            <td className={classes.cell}>{said(row.there)}</td>
          </>
        ) : null
      }}
    />
  )
}
