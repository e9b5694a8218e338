import { useTranslation } from 'react-i18next'
import type { Diagnosis, DnsState, ZoneChange } from '../../preload/dns-shapes.ts'
import { External } from '../parts/External.tsx'
import { textOf } from './answers.ts'
import { Diff } from './Diff.tsx'
import { ActMark } from './DnsMarks.tsx'
import classes from './dns.module.css'
import { factsOf } from './facts.ts'
import { HostFields } from './HostFields.tsx'
import { LongText } from './LongText.tsx'

/** RFC 7208 4.6.4. */
const mostLookups = 10

type Props = {
  change: ZoneChange
  step: DnsState['steps'][number] | undefined
  host: Diagnosis['host']
}

/** One thing to do in the zone: why, what becomes of what is there, and what to fill in at the host. */
export function Change({ change, step, host }: Props) {
  const { t } = useTranslation()
  const { act, reason, facts, before, after, diff, lookups } = change
  const record = after ?? before
  const called = record === null ? '' : `${record.type} ${record.name}`
  const form = act === 'delete' ? step?.before : step?.after
  return (
    <li className={classes.change}>
      <h3>
        <bdi>{t(`dns.change.${reason}`, factsOf(facts))}</bdi>
      </h3>
      <p>
        <ActMark act={act} /> <External>{called}</External>
      </p>
      <p>
        <bdi>{t(`dns.changeWhy.${reason}`, factsOf(facts))}</bdi>
      </p>
      <dl className={classes.facts}>
        {before === null ? null : (
          <div>
            <dt>{t('dns.proposal.before')}</dt>
            <dd>
              <LongText text={textOf(before)} />
            </dd>
          </div>
        )}
        {after === null ? null : (
          <div>
            <dt>{t('dns.proposal.after')}</dt>
            <dd>
              <LongText text={textOf(after)} />
            </dd>
          </div>
        )}
        {diff === null ? null : (
          <div>
            <dt>{t('dns.proposal.difference')}</dt>
            <dd>
              <Diff diff={diff} />
            </dd>
          </div>
        )}
        {lookups === null ? null : (
          <div>
            <dt>{t('dns.proposal.lookups')}</dt>
            <dd>
              {lookups.before === null
                ? t('dns.proposal.lookupsAfter', { after: lookups.after, most: mostLookups })
                : t('dns.proposal.lookupsBoth', { ...lookups, most: mostLookups })}
            </dd>
          </div>
        )}
      </dl>
      {form ? <HostFields form={form} host={host} of={called} /> : null}
    </li>
  )
}
