import { Checkbox, UnstyledButton } from '@mantine/core'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { MailboxRow } from '../../preload/mailbox-shapes.ts'
import { External } from '../parts/External.tsx'
import { visible } from '../parts/external-text.ts'
import { isForSelection } from '../parts/table.tsx'
import { useMailboxes, useStores } from '../stores.ts'
import { MailboxMark, useActivity } from './MailboxMark.tsx'
import classes from './mailboxes.module.css'

type Props = {
  index: number
  row: MailboxRow | undefined
  active: boolean
  /** Whether this dimail tells sending apart from receiving. */
  tellsSmtp: boolean
  open: (address: string) => void
}

export const MailboxTableRow = memo(function MailboxTableRow({ index, row, active, tellsSmtp, open }: Props) {
  const { t } = useTranslation()
  const { mailboxes } = useStores()
  const selected = useMailboxes((state) => row !== undefined && state.selection.has(row.address))
  const activity = useActivity()
  if (!row) {
    return (
      <tr className={classes.row} aria-rowindex={index + 2}>
        <td />
        <td className={classes.quiet}>{t('domains.loading')}</td>
      </tr>
    )
  }
  const reason = t(`mailboxes.reason.${row.reason}`)
  return (
    // The whole row opens with the mouse; the keyboard and readers have the button that holds the address.
    <tr
      className={classes.row}
      aria-rowindex={index + 2}
      data-index={index}
      data-active={active}
      data-selected={selected}
      onClick={(event) => isForSelection(event.target) || open(row.address)}
    >
      <td data-selects>
        <Checkbox
          size="xs"
          tabIndex={active ? 0 : -1}
          aria-label={t('mailboxes.select', { address: visible(row.address) })}
          checked={selected}
          onChange={() => mailboxes.getState().toggle(row.address)}
        />
      </td>
      <td>
        <UnstyledButton
          className={classes.name}
          title={visible(row.address)}
          tabIndex={active ? 0 : -1}
          onFocus={() => mailboxes.getState().activate(index)}
        >
          <External>{row.address}</External>
        </UnstyledButton>
      </td>
      <td title={visible(row.displayName)}>
        {row.displayName === '' ? (
          <span className={classes.quiet}>{t('mailboxes.noName')}</span>
        ) : (
          <External>{row.displayName}</External>
        )}
      </td>
      <td title={reason}>
        <MailboxMark status={row.status} />
        {row.reason === 'active' ? null : <span className={classes.second}>{reason}</span>}
      </td>
      {tellsSmtp ? <td className={`${classes.quiet} ${classes.figure}`}>{activity(row)}</td> : null}
      <td title={t(`mailboxes.kindMeans.${row.kind}`)}>{t(`mailboxes.kind.${row.kind}`)}</td>
      <td className={classes.figure} title={visible(row.secondaryEmail ?? '')}>
        {row.secondaryEmail === null ? (
          <abbr className={classes.quiet} title={t('mailboxes.noSecondary')}>
            –
          </abbr>
        ) : (
          <External>{row.secondaryEmail}</External>
        )}
      </td>
    </tr>
  )
})
