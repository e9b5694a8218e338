import { useTranslation } from 'react-i18next'
import { useLocale } from './locale.ts'
import { ago, duration, moment, useNow } from './time.ts'

/** "il y a 4 min", as text for sentences. */
export function useAgo(): (at: number) => string {
  const { t } = useTranslation()
  const locale = useLocale()
  const now = useNow()
  return (at) => ago(locale, at, now, t('time.now'))
}

export function Ago({ at }: { at: number }) {
  const locale = useLocale()
  const text = useAgo()(at)
  return (
    <time dateTime={new Date(at).toISOString()} title={moment(locale, at)}>
      {text}
    </time>
  )
}

const minute = 60_000

/** How long something has lasted; "more than" when this console did not see it begin, ">" where room is short. */
export function useDuration(room: 'wide' | 'short' = 'wide'): (since: number, exact: boolean) => string {
  const { t } = useTranslation()
  const locale = useLocale()
  const now = useNow()
  return (since, exact) => {
    if (now - since < minute) return t(exact ? `time.underMinute.${room}` : 'time.alreadySo')
    const text = duration(locale, now - since)
    return exact ? text : t(`time.atLeast.${room}`, { duration: text })
  }
}
