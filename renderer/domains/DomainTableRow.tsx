import { Checkbox, UnstyledButton } from '@mantine/core'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DomainRow } from '../../preload/shapes.ts'
import { Ago, useAgo, useDuration } from '../parts/Ages.tsx'
import { External } from '../parts/External.tsx'
import { visible } from '../parts/external-text.ts'
import { CheckChip, StatusMark } from '../parts/Marks.tsx'
import { isForSelection } from '../parts/table.tsx'
import { useDomains, useStores } from '../stores.ts'
import classes from './domains.module.css'

type Props = { index: number; row: DomainRow | undefined; active: boolean }

export const DomainTableRow = memo(function DomainTableRow({ index, row, active }: Props) {
  const { t } = useTranslation()
  const { app, domains } = useStores()
  const selected = useDomains((state) => row !== undefined && state.selection.has(row.name))
  const duration = useDuration('short')
  if (!row) {
    return (
      <tr className={classes.row} aria-rowindex={index + 2}>
        <td />
        <td className={classes.quiet}>{t('domains.loading')}</td>
      </tr>
    )
  }
  const open = () => app.getState().go({ view: 'domain', name: row.name })
  return (
    // The whole row opens with the mouse; the keyboard and readers have the button that holds the name.
    <tr
      className={classes.row}
      aria-rowindex={index + 2}
      data-index={index}
      data-active={active}
      data-selected={selected}
      onClick={(event) => isForSelection(event.target) || open()}
    >
      <td data-selects>
        <Checkbox
          size="xs"
          tabIndex={active ? 0 : -1}
          aria-label={t('domains.select', { name: row.name })}
          checked={selected}
          onChange={() => domains.getState().toggle(row.name)}
        />
      </td>
      <td>
        <UnstyledButton
          className={classes.name}
          title={visible(row.name)}
          tabIndex={active ? 0 : -1}
          onFocus={() => domains.getState().activate(index)}
        >
          <External>{row.name}</External>
        </UnstyledButton>
      </td>
      <td>
        <StatusMark status={row.status} />
      </td>
      <td>
        <Wrong row={row} />
      </td>
      <td title={row.sinceExact ? undefined : t('time.alreadySoWhy')}>
        {duration(row.since, row.sinceExact)}
      </td>
      <td className={`${classes.quiet} ${classes.figure}`}>
        {row.checkedAt === null ? t('app.unknownTime') : <Ago at={row.checkedAt} />}
      </td>
      <td className={`${classes.number} ${classes.figure}`}>
        {row.mailboxes === null ? <abbr title={t('domains.mailboxesUnknown')}>–</abbr> : row.mailboxes}
      </td>
    </tr>
  )
})

/** The reason in the list itself: which checks, and what can be done. */
function Wrong({ row }: { row: DomainRow }) {
  const { t } = useTranslation()
  const ago = useAgo()
  const { repair, failing, attempt } = row
  return (
    <span className={classes.wrong}>
      {failing.slice(0, 4).map((key) => (
        <CheckChip key={key} name={key} />
      ))}
      {failing.length > 4 ? <span className={classes.quiet}>+{failing.length - 4}</span> : null}
      {attempt ? (
        <span className={classes.quiet}>{t('domains.reason.attempt', { ago: ago(attempt.at) })}</span>
      ) : repair === 'possible' || repair === 'unchecked' || repair === 'disabled' ? (
        <span className={classes.quiet}>{t(`domains.reason.${repair}`)}</span>
      ) : null}
    </span>
  )
}
