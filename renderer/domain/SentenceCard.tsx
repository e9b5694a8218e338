import { useTranslation } from 'react-i18next'
import type { Domain } from '../../preload/shapes.ts'
import { correctionOf } from '../dns/sentence.ts'
import { useAgo } from '../parts/Ages.tsx'
import { useLocale } from '../parts/locale.ts'
import { useApp, useDns } from '../stores.ts'
import classes from './domain.module.css'
import { sentenceFor } from './sentence.ts'

/** What is wrong, in one sentence, before any table. */
export function SentenceCard({ domain }: { domain: Domain }) {
  const { t } = useTranslation()
  const ago = useAgo()
  const { tone, consequence, acting } = sentenceFor(domain, useLocale())
  const dns = useDns((state) => (state.name === domain.name ? state.dns : null))
  // The DNS tab begins with it.
  const isSaidBelow = useApp(({ place }) => place.view === 'domain' && place.tab === 'records')
  const correction = dns === null ? undefined : correctionOf(dns, domain)
  return (
    <section className={classes.sentence} data-tone={tone}>
      {correction === undefined || correction.key === 'changedSince' ? null : (
        <p className={classes.then}>
          {t('dns.saidThen', { ago: ago(domain.checkedAt ?? domain.fetchedAt) })}
        </p>
      )}
      <div aria-live="polite">
        {consequence === null ? null : <strong>{consequence} </strong>}
        {acting.map(({ key, count }) => t(key, { count })).join(' ')}
      </div>
      {correction === undefined || isSaidBelow ? null : (
        <p className={classes.now}>
          {t(`dns.sentence.${correction.key}`, {
            count: correction.count ?? 0,
            ago: correction.at === undefined ? '' : ago(correction.at),
          })}
        </p>
      )}
    </section>
  )
}
