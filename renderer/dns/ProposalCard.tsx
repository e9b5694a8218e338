import { useTranslation } from 'react-i18next'
import type { DnsState, Proposal } from '../../preload/dns-shapes.ts'
import domainClasses from '../domain/domain.module.css'
import { External } from '../parts/External.tsx'
import { Change } from './Change.tsx'
import classes from './dns.module.css'
import { factsOf } from './facts.ts'

type Props = { dns: DnsState; proposal: Proposal }

/** What to do in the zone, in the order in which to do it, and what nothing can be proposed for (field N3). */
export function ProposalCard({ dns: { diagnosis, steps }, proposal }: Props) {
  const { t } = useTranslation()
  const { changes, hindered } = proposal
  if (changes.length === 0 && hindered.length === 0) return null
  const host = diagnosis?.host ?? null
  const nameOf = (key: string) => {
    const record = diagnosis?.records.find((one) => one.key === key)
    return record ? `${record.type} ${record.name}` : key
  }
  return (
    <section className={domainClasses.card} aria-labelledby="proposal-title">
      <header>
        <h2 id="proposal-title">{t('dns.proposal.title', { count: changes.length })}</h2>
        <span className={domainClasses.hint}>
          {host === null ? t('dns.proposal.hint') : t('dns.proposal.hintAt', { host: host.name })}
        </span>
      </header>
      {hindered.length === 0 ? null : (
        <ul className={classes.hindered}>
          {[...Map.groupBy(hindered, ({ why, facts }) => t(`dns.hindrance.${why}`, factsOf(facts)))].map(
            ([sentence, all]) => (
              <li key={sentence}>
                <strong>
                  <External>{all.map(({ key }) => nameOf(key)).join(', ')}</External>
                </strong>{' '}
                – <bdi>{sentence}</bdi>
              </li>
            ),
          )}
        </ul>
      )}
      <ol className={classes.changes}>
        {changes.map((change) => (
          <Change
            key={change.id}
            change={change}
            step={steps.find((step) => step.change === change.id)}
            host={host}
          />
        ))}
      </ol>
    </section>
  )
}
