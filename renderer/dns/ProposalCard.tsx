import { useTranslation } from 'react-i18next'
import type { DnsState, Proposal } from '../../preload/dns-shapes.ts'
import domainClasses from '../domain/domain.module.css'
import { External } from '../parts/External.tsx'
import { proposalId } from './ask-dns.ts'
import { Change } from './Change.tsx'
import { factsOf } from './facts.ts'
import own from './proposal.module.css'

type Props = { dns: DnsState; proposal: Proposal }

/** What to do in the zone, in the order in which to do it, and what nothing can be proposed for (field N3). */
export function ProposalCard({ dns: { diagnosis, steps }, proposal }: Props) {
  const { t } = useTranslation()
  const { changes, hindered } = proposal
  if (changes.length === 0 && hindered.length === 0) return null
  const host = diagnosis?.host ?? null
  const hint = host === null ? t('dns.proposal.hint') : t('dns.proposal.hintAt', { host: host.name })
  const unread = hindered.filter(({ why }) => why === 'unread').length
  const sentenceOf = ({ why, facts }: Proposal['hindered'][number]) => {
    // Of many that could not be read it is said once, of the domain.
    const about = why === 'unread' && unread > 1 && diagnosis ? { ...facts, name: diagnosis.domain } : facts
    return t(`dns.hindrance.${why}`, factsOf(about))
  }
  const nameOf = (key: string) => {
    const record = diagnosis?.records.find((one) => one.key === key)
    return record ? `${record.type} ${record.name}` : key
  }
  return (
    <section className={domainClasses.card} aria-labelledby={proposalId}>
      <header>
        <h2 id={proposalId} tabIndex={-1}>
          {changes.length === 0 ? t('dns.proposal.none') : t('dns.proposal.title', { count: changes.length })}
        </h2>
        <span className={domainClasses.hint}>{changes.length === 0 ? null : hint}</span>
      </header>
      {hindered.length === 0 ? null : (
        <ul className={own.hindered}>
          {[...Map.groupBy(hindered, sentenceOf)].map(([sentence, all]) => (
            <li key={sentence}>
              <strong>
                {all.length > 1 && all.length === diagnosis?.records.length ? (
                  t('dns.proposal.all')
                ) : (
                  <External>{all.map(({ key }) => nameOf(key)).join(', ')}</External>
                )}
              </strong>{' '}
              – <bdi>{sentence}</bdi>
            </li>
          ))}
        </ul>
      )}
      {changes.length === 0 ? null : (
        <ol className={own.changes}>
          {changes.map((change) => (
            <Change
              key={change.id}
              change={change}
              step={steps.find((step) => step.change === change.id)}
              host={host}
            />
          ))}
        </ol>
      )}
    </section>
  )
}
