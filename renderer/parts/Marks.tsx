import {
  IconAlertCircleFilled,
  IconCircleCheckFilled,
  IconCircleMinus,
  IconCircleXFilled,
  IconClockHour4Filled,
  IconHelpCircleFilled,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Check, Status } from '../../preload/shapes.ts'
import { checkLabel } from '../i18n/index.ts'
import { useLocale } from './locale.ts'
import classes from './parts.module.css'

const statusMarks = {
  pending: { tone: 'info', Icon: IconClockHour4Filled },
  enabled: { tone: 'good', Icon: IconCircleCheckFilled },
  action_required: { tone: 'warn', Icon: IconAlertCircleFilled },
  failed: { tone: 'bad', Icon: IconCircleXFilled },
  disabled: { tone: 'off', Icon: IconCircleMinus },
} as const

/** A status is an icon, a word and a colour: never a colour alone. */
export function StatusMark({ status }: { status: Status }) {
  const { t } = useTranslation()
  const { tone, Icon } = statusMarks[status]
  return (
    <span className={classes.mark} data-tone={tone}>
      <Icon size={17} aria-hidden />
      {t(`status.${status}`)}
    </span>
  )
}

const checkMarks = {
  ok: { tone: 'good', Icon: IconCircleCheckFilled },
  failing: { tone: 'bad', Icon: IconCircleXFilled },
  unknown: { tone: 'bad', Icon: IconHelpCircleFilled },
  'not-tested': { tone: 'off', Icon: IconCircleMinus },
} as const

export function CheckMark({ state }: { state: Check['state'] }) {
  const { t } = useTranslation()
  const { tone, Icon } = checkMarks[state]
  return (
    <span className={classes.mark} data-tone={tone}>
      <Icon size={17} aria-hidden />
      {t(`check.${state}`)}
    </span>
  )
}

/** The keys that the console knows to be dimail's own affair, for the colour of a chip in the list. */
const internalKeys = new Set(['postfix', 'ox', 'cert', 'webmail_ok'])

export function CheckChip({ name }: { name: string }) {
  const { chip, label } = checkLabel(useLocale(), name)
  return (
    <span className={classes.chip} data-internal={internalKeys.has(name)} title={label}>
      {chip}
    </span>
  )
}
