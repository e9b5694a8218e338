import {
  IconAlertCircleFilled,
  IconCircleCheckFilled,
  IconCircleMinus,
  IconCircleXFilled,
  IconClockHour4Filled,
  IconHelpCircleFilled,
  type IconProps,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
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

type Look = { tone: 'good' | 'info' | 'warn' | 'bad' | 'off'; Icon: ComponentType<IconProps> }

/** A state is an icon, a word and a colour: never a colour alone. */
export function Mark({ look: { tone, Icon }, children }: { look: Look; children: string }) {
  return (
    <span className={classes.mark} data-tone={tone}>
      <Icon size={17} aria-hidden />
      {children}
    </span>
  )
}

export function StatusMark({ status }: { status: Status }) {
  const { t } = useTranslation()
  return <Mark look={statusMarks[status]}>{t(`status.${status}`)}</Mark>
}

const checkMarks = {
  ok: { tone: 'good', Icon: IconCircleCheckFilled },
  failing: { tone: 'bad', Icon: IconCircleXFilled },
  unknown: { tone: 'bad', Icon: IconHelpCircleFilled },
  'not-tested': { tone: 'off', Icon: IconCircleMinus },
} as const

export function CheckMark({ state }: { state: Check['state'] }) {
  const { t } = useTranslation()
  return <Mark look={checkMarks[state]}>{t(`check.${state}`)}</Mark>
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
