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
import own from './proposal.module.css'
import { readable } from './readable-diff.ts'

/** RFC 7208 4.6.4. */
const mostLookups = 10

type Step = DnsState['steps'][number]
type Props = { change: ZoneChange; step: Step | undefined; host: Diagnosis['host'] }

/** One thing to do in the zone: why, what becomes of what is there, and what to fill in at the host. */
export function Change({ change, step, host }: Props) {
  const { t } = useTranslation()
  const { act, reason, facts, before, after } = change
  const record = after ?? before
  const called = record === null ? '' : `${record.type} ${record.name}`
  const form = (act === 'delete' ? step?.before : step?.after) ?? null
  return (
    <li className={own.change}>
      <h3>
        <bdi>{t(`dns.change.${reason}`, factsOf(facts))}</bdi>
      </h3>
      <p>
        <ActMark act={act} /> <External>{called}</External>
      </p>
      <p>
        <bdi>{t(`dns.changeWhy.${reason}`, factsOf(facts))}</bdi>
      </p>
      {facts.loses === undefined ? null : (
        <p>
          <bdi>{t('dns.changeLoses', factsOf(facts))}</bdi>
        </p>
      )}
      <WhatChanges change={change} isFilledIn={form !== null} />
      {form ? <HostFields form={form} host={host} of={called} act={act} /> : null}
    </li>
  )
}

/** What is there and what comes, each said once: what the host's form says is not said here again. */
function WhatChanges({ change, isFilledIn }: { change: ZoneChange; isFilledIn: boolean }) {
  const { t } = useTranslation()
  const { act, before, after, lookups } = change
  const diff = change.diff === null ? null : readable(change.diff)
  const isAlike = diff?.some(({ kind }) => kind === 'same') ?? false
  const tellsBefore = !isAlike && !(isFilledIn && act === 'delete')
  return (
    <dl className={classes.facts}>
      {before !== null && tellsBefore ? (
        <div>
          <dt>{t('dns.proposal.before')}</dt>
          <dd>
            <LongText text={textOf(before)} />
          </dd>
        </div>
      ) : null}
      {after !== null && !isAlike && !isFilledIn ? (
        <div>
          <dt>{t('dns.proposal.after')}</dt>
          <dd>
            <LongText text={textOf(after)} />
          </dd>
        </div>
      ) : null}
      {diff !== null && isAlike ? (
        <div>
          <dt>{t('dns.proposal.difference')}</dt>
          <dd>
            <Diff diff={diff} />
          </dd>
        </div>
      ) : null}
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
  )
}
