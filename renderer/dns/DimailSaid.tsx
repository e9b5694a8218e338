import { useTranslation } from 'react-i18next'
import type { DiagnosedRecord } from '../../preload/dns-shapes.ts'
import { type Domain, isFailing } from '../../preload/shapes.ts'
import { why } from '../i18n/index.ts'
import { Ago } from '../parts/Ages.tsx'
import { useLocale } from '../parts/locale.ts'
import { CheckMark } from '../parts/Marks.tsx'
import classes from './dns.module.css'
import { dimailSaid } from './sentence.ts'

/** dimail's own verdict on a record, and when it gave it. */
export function DimailSaid({ record, domain }: { record: DiagnosedRecord; domain: Domain }) {
  const { t } = useTranslation()
  const locale = useLocale()
  if (record.check === null) return <span className={classes.quiet}>{t('dns.notChecked')}</span>
  const said = dimailSaid(record, domain.checks)
  if (said === null) return <span className={classes.quiet}>{t('dns.untold')}</span>
  const titles = isFailing(said)
    ? [...new Set(said.errors.map(({ code }) => why(locale, said.key, code).title))]
    : []
  return (
    <>
      <CheckMark state={said.state} />
      {titles.map((title) => (
        <p key={title} className={classes.line}>
          {title}
        </p>
      ))}
      <p className={classes.quiet}>
        <Ago at={domain.checkedAt ?? domain.fetchedAt} />
      </p>
    </>
  )
}
