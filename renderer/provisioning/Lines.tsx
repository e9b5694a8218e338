import { useTranslation } from 'react-i18next'
import type { ProvisionLine, ProvisionPlan, ProvisionVerdict } from '../../preload/provisioning-shapes.ts'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { usePaged } from '../parts/use-paged.ts'
import { VirtualTable } from '../parts/VirtualTable.tsx'
import { useStores } from '../stores.ts'
import { type Change, changesOf } from './changes.ts'
import classes from './provisioning.module.css'

type Props = { plan: ProvisionPlan; verdict: ProvisionVerdict | null }

export function Lines({ plan, verdict }: Props) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const list = usePaged<ProvisionLine>(`${plan.id} ${verdict}`, (offset, limit) =>
    bridge['provisioning.read']({ plan: plan.id, verdict, offset, limit }),
  )
  if (list.failure) return <FailureCard failure={list.failure} />
  if (list.head === null) return <p role="status">{t('domains.loading')}</p>
  if (list.total === 0) return <p className={classes.quiet}>{t('provisioning.noneSuch')}</p>
  return (
    <VirtualTable
      label={t('provisioning.lines')}
      columns={[
        { id: 'line', label: t('provisioning.column.line'), width: 70 },
        { id: 'domain', label: t('provisioning.column.domain'), width: '30%' },
        { id: 'verdict', label: t('provisioning.column.verdict'), width: '24%' },
        { id: 'attributes', label: t('provisioning.column.attributes') },
      ]}
      count={list.total}
      rowHeight={44}
      height={420}
      keyOf={(index) => list.rows.get(index)?.line ?? `hole ${index}`}
      shown={list.shown}
      cells={(index) => {
        const row = list.rows.get(index)
        return row ? <Cells row={row} /> : null
      }}
    />
  )
}

function Cells({ row }: { row: ProvisionLine }) {
  const { t } = useTranslation()
  const { line, given, domain, verdict, error } = row
  return (
    <>
      <td>{line}</td>
      <td className={classes.name}>
        <External>{domain ?? given}</External>
        {domain !== null && domain !== given ? (
          <span className={classes.second}>
            {t('provisioning.given')} <External>{given}</External>
          </span>
        ) : null}
      </td>
      <td>
        {t(`provisioning.verdict.${verdict}`)}
        {error ? <span className={classes.second}>{t(`provisioning.error.${error}`)}</span> : null}
      </td>
      <td>{verdict === 'error' ? null : <AttributeList row={row} />}</td>
    </>
  )
}

function AttributeList({ row: { before, after } }: { row: ProvisionLine }) {
  const { t } = useTranslation()
  const changes = changesOf(before, after)
  if (changes.length === 0) return <span className={classes.quiet}>{t('provisioning.noAttributes')}</span>
  return (
    <ul className={classes.attributes}>
      {changes.map((change) => (
        <li key={change.name} data-kind={change.kind}>
          <External>{change.name}</External> = <Values change={change} />
        </li>
      ))}
    </ul>
  )
}

/** What is no more is struck through and said: never a line alone. */
function Values({ change }: { change: Change }) {
  const { t } = useTranslation()
  switch (change.kind) {
    case 'vanishes':
      return (
        <>
          <del>
            <External>{String(change.before)}</External>
          </del>{' '}
          <strong>{t('provisioning.vanishes')}</strong>
        </>
      )
    case 'changed':
      return (
        <>
          <del>
            <External>{String(change.before)}</External>
          </del>{' '}
          <span aria-hidden>→</span>{' '}
          <ins>
            <External>{String(change.after)}</External>
          </ins>
        </>
      )
    case 'added':
    case 'kept':
      return <External>{String(change.after)}</External>
  }
}
