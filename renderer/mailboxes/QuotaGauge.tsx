import { IconLock } from '@tabler/icons-react'
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Quota } from '../../preload/session-shapes.ts'
import { useAgo } from '../parts/Ages.tsx'
import { useLocale } from '../parts/locale.ts'
import { useStores } from '../stores.ts'
import classes from './mailboxes.module.css'
import gauge from './quota.module.css'
import { gaugesOf, gigabytes, type Level } from './storage.ts'

/**
 * How much of its room a mailbox takes, where DeployCenter tells it; nothing at all where it does not. It stands below
 * what can be done, so that nothing moves under the pointer when it comes.
 */
export function QuotaGauge({ address }: { address: string }) {
  const { t } = useTranslation()
  const ago = useAgo()
  const quota = useQuota(address)
  if (quota === null) return null
  const { mailbox, organization, locked } = gaugesOf(quota)
  if (mailbox === null && organization === null) return null
  return (
    <section className={classes.part} aria-labelledby="mailbox-quota">
      <h3 id="mailbox-quota">{t('quota.title')}</h3>
      {mailbox ? <Gauge label={t('quota.mailbox')} level={mailbox} locked={locked} /> : null}
      {locked ? (
        <p className={gauge.locked}>
          <IconLock size={15} aria-hidden /> {t('quota.locked')}
        </p>
      ) : null}
      {organization ? <Gauge label={t('quota.organization')} level={organization} locked={locked} /> : null}
      <p className={classes.quiet}>
        {t(quota.stale ? 'quota.stale' : 'quota.read', { ago: ago(quota.answeredAt) })}
      </p>
    </section>
  )
}

/** Null while it is not known, and when it cannot be: neither is a fault of the mailbox. */
function useQuota(address: string): Quota | null {
  const { bridge } = useStores()
  const [read, setRead] = useState<{ address: string; quota: Quota | null } | null>(null)
  useEffect(() => {
    let current = true
    void bridge['quota.read']({ address }).then((reply) => {
      if (current) setRead({ address, quota: reply.ok ? reply.value : null })
    })
    return () => {
      current = false
    }
  }, [bridge, address])
  return read?.address === address ? read.quota : null
}

type Props = { label: string; level: Level; locked: boolean }

function Gauge({ label, level: { used, max, full }, locked }: Props) {
  const { t } = useTranslation()
  const locale = useLocale()
  const id = useId()
  const text = t('quota.of', { used: gigabytes(locale, used), max: gigabytes(locale, max) })
  const share = new Intl.NumberFormat(locale, { style: 'percent' }).format(used / max)
  const said = [text, share, ...(full ? [t('quota.full')] : [])].join(' · ')
  return (
    <div className={gauge.gauge}>
      <span id={id}>{label}</span>
      <span aria-hidden>{said}</span>
      <meter
        min={0}
        max={max}
        value={Math.min(used, max)}
        aria-labelledby={id}
        aria-valuetext={said}
        data-full={full || locked}
      />
    </div>
  )
}
