import { UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DiagnosedRecord, Diagnosis, DnsState, HostForm } from '../../preload/dns-shapes.ts'
import type { Domain } from '../../preload/shapes.ts'
import domainClasses from '../domain/domain.module.css'
import { useAgo } from '../parts/Ages.tsx'
import { CopyButton } from '../parts/CopyButton.tsx'
import { External } from '../parts/External.tsx'
import { visible } from '../parts/external-text.ts'
import { Answers } from './Answers.tsx'
import { worstFirst } from './answers.ts'
import { DimailSaid } from './DimailSaid.tsx'
import { VerdictMark } from './DnsMarks.tsx'
import { DnsSays } from './DnsSays.tsx'
import classes from './dns.module.css'
import { HostFields } from './HostFields.tsx'
import { LongText } from './LongText.tsx'
import own from './verdicts.module.css'

type Props = { dns: DnsState; diagnosis: Diagnosis; domain: Domain }

/** Per record: what dimail expects, what it said, and what DNS says now. */
export function VerdictTable({ dns, diagnosis, domain }: Props) {
  const { t } = useTranslation()
  const ago = useAgo()
  return (
    <section className={domainClasses.card} aria-labelledby="verdicts-title">
      <header>
        <h2 id="verdicts-title">{t('dns.verdicts')}</h2>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard. */}
      <section className={classes.scroll} aria-label={t('dns.verdictsTable')} tabIndex={0}>
        <table className={own.verdicts}>
          <thead>
            <tr>
              <th scope="col">{t('dns.column.record')}</th>
              <th scope="col">{t('dns.column.expected')}</th>
              <th scope="col">{t('dns.column.dimail')}</th>
              <th scope="col">{t('dns.column.dns', { ago: ago(diagnosis.at) })}</th>
            </tr>
          </thead>
          {worstFirst(diagnosis.records).map((record) => (
            <VerdictRows
              key={record.key}
              record={record}
              form={dns.forms.find(({ key }) => key === record.key)?.form}
              {...{ diagnosis, domain }}
            />
          ))}
        </table>
      </section>
    </section>
  )
}

type RowProps = {
  record: DiagnosedRecord
  form: HostForm | undefined
  diagnosis: Diagnosis
  domain: Domain
}

function VerdictRows({ record, form, diagnosis, domain }: RowProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { name, type, expected } = record
  const called = `${type} ${name}`
  const Chevron = open ? IconChevronDown : IconChevronRight
  return (
    <tbody>
      <tr data-record={called}>
        <RecordName record={record} called={called} />
        <td>
          <LongText text={expected.value} copy={t('domain.records.copyValue', { record: called })} />
          <span className={classes.copyable}>
            <span className={classes.quiet}>{t('dns.wholeLine')}</span>
            <CopyButton
              text={lineOf(form ?? { name, type, value: expected.value, priority: null })}
              label={t('dns.copyLine', { record: called })}
            />
          </span>
        </td>
        <td>
          <DimailSaid record={record} domain={domain} />
        </td>
        <td>
          <DnsSays record={record} servers={diagnosis.servers} />
          <UnstyledButton className={classes.more} aria-expanded={open} onClick={() => setOpen(!open)}>
            <Chevron size={14} aria-hidden /> {t('dns.perServer', { count: record.answers.length })}
            <VisuallyHidden> – {visible(called)}</VisuallyHidden>
          </UnstyledButton>
        </td>
      </tr>
      {open ? (
        <tr>
          <td colSpan={4}>
            <Answers record={record} servers={diagnosis.servers} />
            {form ? <HostFields form={form} host={diagnosis.host} of={called} /> : null}
          </td>
        </tr>
      ) : null}
    </tbody>
  )
}

/** Which record it is, its verdict, and since when. */
function RecordName({ record, called }: { record: DiagnosedRecord; called: string }) {
  const { t } = useTranslation()
  const ago = useAgo()
  const { kind, name, type, verdict, since, before } = record
  return (
    <th scope="row">
      <span className={own.type}>
        {type} {kind === 'spf' || kind === 'dkim' ? <span>· {t(`dns.kind.${kind}`)}</span> : null}
      </span>
      <span className={classes.copyable}>
        <External>{name}</External>
        <CopyButton text={name} label={t('domain.records.copyName', { record: called })} />
      </span>
      <VerdictMark verdict={verdict} />
      {before === null ? null : (
        <span className={classes.quiet}>
          {t('dns.since', { ago: ago(since), before: t(`dns.verdict.${before.verdict}`) })}
        </span>
      )}
    </th>
  )
}

/** A record on one line, in the order in which people read one out. */
const lineOf = ({ name, type, priority, value }: Omit<HostForm, 'labels'>): string =>
  [name, type, ...(priority === null ? [] : [String(priority)]), value].join(' ')
