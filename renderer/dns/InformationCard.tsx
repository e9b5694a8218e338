import { useTranslation } from 'react-i18next'
import type { Information } from '../../preload/dns-shapes.ts'
import domainClasses from '../domain/domain.module.css'
import classes from './dns.module.css'
import { Findings } from './Findings.tsx'
import { LongText } from './LongText.tsx'

/** What is good to know, and that dimail does not require: apart, so that nobody takes it for a fault. */
export function InformationCard({ information }: { information: readonly Information[] }) {
  const { t } = useTranslation()
  if (information.length === 0) return null
  return (
    <section className={domainClasses.card} aria-labelledby="information-title">
      <header>
        <h2 id="information-title">{t('dns.information.title')}</h2>
        <span className={domainClasses.hint}>{t('dns.information.hint')}</span>
      </header>
      <dl className={classes.information}>
        {information.map(({ kind, value, findings }) => (
          <div key={kind}>
            <dt>{t(`dns.information.kind.${kind}`)}</dt>
            <dd>
              {value === null ? null : <LongText text={value} />}
              <Findings findings={findings} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
