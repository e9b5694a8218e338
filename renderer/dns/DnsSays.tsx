import { useTranslation } from 'react-i18next'
import type { DiagnosedRecord, DnsServer } from '../../preload/dns-shapes.ts'
import { External } from '../parts/External.tsx'
import { useLocale } from '../parts/locale.ts'
import { duration } from '../parts/time.ts'
import { type Said, saidBy } from './answers.ts'
import classes from './dns.module.css'
import { Findings } from './Findings.tsx'
import { LongText } from './LongText.tsx'
import own from './verdicts.module.css'

const atAGlance = 6

/** What the authoritative servers say of a record, same answers together, and what was found in it. */
export function DnsSays({ record, servers }: { record: DiagnosedRecord; servers: readonly DnsServer[] }) {
  const { t } = useTranslation()
  const said = saidBy('authoritative', record, servers)
  return (
    <div className={own.says}>
      {said.length === 0 ? <p className={classes.quiet}>{t('dns.noAnswer')}</p> : null}
      {said.slice(0, atAGlance).map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: answers have no identity.
        <div key={index}>
          <AnswerText said={one} />
          <p className={classes.quiet}>
            {t(one.state === 'unread' ? 'dns.servers' : 'dns.saidBy', { count: one.servers.size })}{' '}
            {one.ttl === null ? null : '· '}
            <Ttl ttl={one.ttl} />
          </p>
        </div>
      ))}
      {said.length > atAGlance ? (
        <p className={classes.quiet}>{t('dns.moreAnswers', { count: said.length - atAGlance })}</p>
      ) : null}
      <Findings findings={record.findings} />
    </div>
  )
}

/** What one answer holds: its values, that there is none, or why it could not be read. */
export function AnswerText({
  said,
}: {
  said: Pick<Said, 'state' | 'reason' | 'chain' | 'wildcard' | 'values'>
}) {
  const { t } = useTranslation()
  const { state, reason, chain, wildcard, values } = said
  if (state === 'unread') return <p className={classes.line}>{t(`dns.unread.${reason ?? 'not-asked'}`)}</p>
  return (
    <>
      {chain.length === 0 ? null : (
        <p className={classes.line}>
          {t('dns.through')} <External>{chain.slice(0, atAGlance).join(' → ')}</External>
          {chain.length > atAGlance ? ' …' : null}
        </p>
      )}
      {state === 'found' ? (
        values.slice(0, atAGlance).map((value, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a server may give one value twice.
          <div key={index}>
            <LongText text={value} />
          </div>
        ))
      ) : (
        <p className={classes.line}>{t(`dns.nothing.${state}`)}</p>
      )}
      {values.length > atAGlance ? <LongText text={values.slice(atAGlance).join(' · ')} /> : null}
      {wildcard ? <p className={classes.quiet}>{t('dns.wildcard')}</p> : null}
    </>
  )
}

/** For how long the answer may be kept by whoever asked. */
export function Ttl({ ttl }: { ttl: Said['ttl'] }) {
  const { t } = useTranslation()
  const locale = useLocale()
  if (ttl === null) return null
  const least = duration(locale, ttl.least * 1000)
  const most = duration(locale, ttl.most * 1000)
  return <>{t('dns.ttl', { duration: least === most ? least : `${least} – ${most}` })}</>
}
