import {
  IconAlertCircleFilled,
  IconAlertTriangleFilled,
  IconArrowsExchange,
  IconCircleCheckFilled,
  IconCircleMinus,
  IconCirclePlus,
  IconCircleXFilled,
  IconClockHour4Filled,
  IconCopy,
  IconHelpCircleFilled,
  IconInfoCircleFilled,
  IconPencil,
  IconPuzzle,
  IconShieldX,
  IconTrash,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { DnsVerdict, DnsWatch, Level, ZoneChange } from '../../preload/dns-shapes.ts'
import { Mark } from '../parts/Marks.tsx'

const verdictMarks = {
  correct: { tone: 'good', Icon: IconCircleCheckFilled },
  incorrect: { tone: 'bad', Icon: IconCircleXFilled },
  missing: { tone: 'bad', Icon: IconCircleMinus },
  duplicate: { tone: 'bad', Icon: IconCopy },
  insecure: { tone: 'warn', Icon: IconShieldX },
  conflicting: { tone: 'warn', Icon: IconArrowsExchange },
  incomplete: { tone: 'bad', Icon: IconPuzzle },
  invalid: { tone: 'bad', Icon: IconAlertTriangleFilled },
  error: { tone: 'off', Icon: IconHelpCircleFilled },
} as const

/** One of the nine words, with a sign of its own. */
export function VerdictMark({ verdict }: { verdict: DnsVerdict }) {
  const { t } = useTranslation()
  return <Mark look={verdictMarks[verdict]}>{t(`dns.verdict.${verdict}`)}</Mark>
}

const levelMarks = {
  blocking: { tone: 'bad', Icon: IconCircleXFilled },
  warning: { tone: 'warn', Icon: IconAlertCircleFilled },
  note: { tone: 'info', Icon: IconInfoCircleFilled },
} as const

export function LevelMark({ level }: { level: Level }) {
  const { t } = useTranslation()
  return <Mark look={levelMarks[level]}>{t(`dns.level.${level}`)}</Mark>
}

const actMarks = {
  add: { tone: 'good', Icon: IconCirclePlus },
  change: { tone: 'info', Icon: IconPencil },
  delete: { tone: 'bad', Icon: IconTrash },
} as const

export function ActMark({ act }: { act: ZoneChange['act'] }) {
  const { t } = useTranslation()
  return <Mark look={actMarks[act]}>{t(`dns.act.${act}`)}</Mark>
}

const watchMarks = {
  waiting: { tone: 'off', Icon: IconClockHour4Filled },
  propagating: { tone: 'info', Icon: IconArrowsExchange },
  settled: { tone: 'good', Icon: IconCircleCheckFilled },
} as const

export function WatchMark({ state }: { state: DnsWatch['state'] }) {
  const { t } = useTranslation()
  return <Mark look={watchMarks[state]}>{t(`dns.watchState.${state}`)}</Mark>
}
