import { Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DnsWatch } from '../../preload/dns-shapes.ts'
import { useAgo } from '../parts/Ages.tsx'
import { useLocale } from '../parts/locale.ts'
import { moment } from '../parts/time.ts'
import { useDns } from '../stores.ts'
import { WatchMark } from './DnsMarks.tsx'
import classes from './dns.module.css'

type Props = { watch: DnsWatch | null; mayWatch: boolean; set: (isOn: boolean) => void }

/** "Tell me when DNS is corrected", and how far that has come (field N11). */
export function WatchToggle({ watch, mayWatch, set }: Props) {
  const { t } = useTranslation()
  const ago = useAgo()
  const locale = useLocale()
  const watching = useDns((state) => state.watching)
  if (watch === null && !mayWatch) return null
  return (
    <div className={classes.watch}>
      <Switch
        checked={watch !== null}
        disabled={!mayWatch}
        aria-busy={watching}
        label={t('dns.watch.label')}
        description={watch === null ? t('dns.watch.hint') : t(`dns.watch.means.${watch.state}`)}
        onChange={(event) => set(event.currentTarget.checked)}
      />
      {watch === null ? null : (
        <p className={classes.quiet}>
          <WatchMark state={watch.state} /> · {t('dns.watch.since', { ago: ago(watch.since) })}
          {watch.lastAt === null ? null : ` · ${t('dns.watch.last', { ago: ago(watch.lastAt) })}`}
          {watch.nextAt === null
            ? null
            : ` · ${t('dns.watch.next', { moment: moment(locale, watch.nextAt) })}`}
          {watch.toldAt === null ? null : ` · ${t('dns.watch.told', { ago: ago(watch.toldAt) })}`}
        </p>
      )}
    </div>
  )
}
