import { useTranslation } from 'react-i18next'
import type { Rehearsal } from '../../preload/dns-shapes.ts'
import { External } from '../parts/External.tsx'
import { VerdictMark } from './DnsMarks.tsx'
import classes from './dns.module.css'
import { Findings } from './Findings.tsx'
import own from './rehearsal.module.css'

/** What would be right then, next to what is now, and what would still stand in the way. */
export function RehearsalResult({ result, busy }: { result: Rehearsal; busy: boolean }) {
  const { t } = useTranslation()
  const right = result.records.filter(({ verdict }) => verdict === 'correct').length
  return (
    <section className={own.rehearsal} aria-labelledby="rehearsal-result" aria-busy={busy}>
      <h3 id="rehearsal-result">{t('dns.rehearsal.result')}</h3>
      <p role="status">
        {t('dns.rehearsal.right', { count: right, of: result.records.length })}{' '}
        {result.remaining.length > 0
          ? t('dns.rehearsal.conflicts', { count: result.remaining.length })
          : t('dns.rehearsal.noConflict')}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard. */}
      <section className={classes.scroll} aria-label={t('dns.rehearsal.table')} tabIndex={0}>
        <table className={own.rehearsed}>
          <thead>
            <tr>
              <th scope="col">{t('dns.column.record')}</th>
              <th scope="col">{t('dns.rehearsal.now')}</th>
              <th scope="col">{t('dns.rehearsal.then')}</th>
            </tr>
          </thead>
          <tbody>
            {result.records.map(({ key, type, name, now, verdict }) => (
              <tr key={key}>
                <th scope="row">
                  <External>{`${type} ${name}`}</External>
                </th>
                <td>
                  <VerdictMark verdict={now} />
                </td>
                <td>
                  <VerdictMark verdict={verdict} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {result.remaining.length > 0 ? (
        <>
          <h3>{t('dns.rehearsal.remaining')}</h3>
          <Findings findings={result.remaining} />
        </>
      ) : null}
    </section>
  )
}
