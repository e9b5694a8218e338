import {
  IconAlertCircleFilled,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleMinus,
  IconClockHour4Filled,
  IconHelpCircleFilled,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { MailboxRow, MailboxStatus, WaitingMailbox } from '../../preload/mailbox-shapes.ts'
import { Mark } from '../parts/Marks.tsx'

const marks = {
  enabled: { tone: 'good', Icon: IconCircleCheckFilled },
  disabled: { tone: 'off', Icon: IconCircleMinus },
  waiting: { tone: 'info', Icon: IconClockHour4Filled },
  broken: { tone: 'bad', Icon: IconAlertCircleFilled },
  unknown: { tone: 'warn', Icon: IconHelpCircleFilled },
  gone: { tone: 'warn', Icon: IconCircleDashed },
} as const

export function MailboxMark({ status }: { status: MailboxStatus }) {
  const { t } = useTranslation()
  return <Mark look={marks[status]}>{t(`mailboxes.status.${status}`)}</Mark>
}

const waitingMarks = {
  waiting: { tone: 'info', Icon: IconClockHour4Filled },
  sending: { tone: 'info', Icon: IconCircleDashed },
  failed: { tone: 'bad', Icon: IconAlertCircleFilled },
  unknown: { tone: 'warn', Icon: IconHelpCircleFilled },
} as const

/** How far a mailbox that is not at dimail yet has come. */
export function WaitingMark({ state }: Pick<WaitingMailbox, 'state'>) {
  const { t } = useTranslation()
  return <Mark look={waitingMarks[state]}>{t(`waiting.state.${state}`)}</Mark>
}

/** What dimail tells of receiving and sending, where it tells them apart. */
export function useActivity(): (row: Pick<MailboxRow, 'imap' | 'smtp'>) => string {
  const { t } = useTranslation()
  return ({ imap, smtp }) =>
    smtp === null
      ? t('mailboxes.imapOnly', { imap: t(`mailboxes.activity.${imap}`) })
      : t('mailboxes.imapSmtp', {
          imap: t(`mailboxes.activity.${imap}`),
          smtp: t(`mailboxes.activity.${smtp}`),
        })
}
