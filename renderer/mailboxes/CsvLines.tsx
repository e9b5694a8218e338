import { Button, Group, NativeSelect, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import { type CsvLine, type CsvPlan, lineVerdicts } from '../../preload/mailbox-shapes.ts'
import { type Domain, type Locale, locales } from '../../preload/shapes.ts'
import { sentenceOf } from '../i18n/index.ts'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { usePaged } from '../parts/use-paged.ts'
import { VirtualTable } from '../parts/VirtualTable.tsx'
import { useStores } from '../stores.ts'
import classes from './mailboxes.module.css'

type Props = {
  plan: CsvPlan
  domain: Domain
  offline: string | null
  back: () => void
  close: () => void
}
type Verdict = CsvLine['verdict']

/** Every line with its verdict, before anything is sent. */
export function CsvLines({ plan, domain, offline, back, close }: Props) {
  const { t } = useTranslation()
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const [locale, setLocale] = useState<Locale | ''>('')
  const { busy, failure, run } = useRun(plan, close)
  const taken = plan.counts.create + plan.counts.keep
  const blocked = plan.counts.create > 0 ? offline : null
  return (
    <div className={classes.form}>
      <p role="status">
        {plan.file === null ? null : (
          <>
            <External>{plan.file}</External> –{' '}
          </>
        )}
        {t('csv.total', { count: plan.total })}{' '}
        <span className={classes.quiet}>
          {t('csv.found', { encoding: plan.encoding, delimiter: t(`csv.delimiter.${plan.delimiter}`) })}
        </span>
      </p>
      {plan.cut ? <p>{t('csv.cut')}</p> : null}
      <fieldset className={classes.tools} style={{ border: 0, padding: 0 }} aria-label={t('csv.verdicts')}>
        <Choice label={t('csv.all')} count={plan.total} on={verdict === null} set={() => setVerdict(null)} />
        {lineVerdicts.map((one) => (
          <Choice
            key={one}
            label={t(`csv.verdict.${one}`)}
            count={plan.counts[one]}
            on={verdict === one}
            set={() => setVerdict(one)}
          />
        ))}
      </fieldset>
      <Lines plan={plan} verdict={verdict} />
      {plan.counts.keep > 0 ? (
        <p className={classes.quiet}>
          {t('csv.keepWhat', { count: plan.counts.keep, status: t(`status.${domain.status}`) })}
        </p>
      ) : null}
      {failure ? <FailureCard failure={failure} /> : null}
      <Group justify="flex-end" align="flex-end">
        <NativeSelect
          size="xs"
          label={t('mailbox.language')}
          value={locale}
          data={[
            { value: '', label: t('mailbox.languageProfile') },
            ...locales.map((value) => ({ value, label: t(`mail.locale.${value}`) })),
          ]}
          onChange={({ currentTarget: { value } }) => setLocale(locales.find((one) => one === value) ?? '')}
        />
        <Button variant="default" onClick={back}>
          {t('csv.back')}
        </Button>
        <Button
          disabled={taken === 0 || blocked !== null}
          title={blocked ?? undefined}
          loading={busy}
          onClick={() => void run(locale)}
        >
          {t('csv.run', { count: taken })}
        </Button>
      </Group>
    </div>
  )
}

/** Sends the lines that may be taken, and follows them in the drawer of the job. */
function useRun(plan: CsvPlan, close: () => void) {
  const { bridge, jobs, mailboxes } = useStores()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  async function run(locale: Locale | '') {
    setBusy(true)
    setFailure(null)
    const { domain, id } = plan
    const reply = await bridge['csv.run']({ domain, plan: id, ...(locale === '' ? {} : { locale }) })
    setBusy(false)
    if (!reply.ok) return setFailure(reply.failure)
    mailboxes.getState().rememberBulk(domain, reply.value.id)
    close()
    await jobs.getState().show(reply.value.id)
  }
  return { busy, failure, run }
}

type ChoiceProps = { label: string; count: number; on: boolean; set: () => void }
export const Choice = ({ label, count, on, set }: ChoiceProps) => (
  <UnstyledButton className={classes.filter} aria-pressed={on} onClick={set}>
    {label} {count}
  </UnstyledButton>
)

function Lines({ plan, verdict }: { plan: CsvPlan; verdict: Verdict | null }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const list = usePaged<CsvLine>(`${plan.id} ${verdict}`, (offset, limit) =>
    bridge['csv.read']({ domain: plan.domain, plan: plan.id, verdict, offset, limit }),
  )
  if (list.failure) return <FailureCard failure={list.failure} />
  return (
    <VirtualTable
      label={t('csv.lines')}
      columns={[
        { id: 'line', label: t('csv.column.line'), width: 70 },
        { id: 'address', label: t('csv.column.address'), width: '22%' },
        { id: 'person', label: t('csv.column.person'), width: '24%' },
        { id: 'verdict', label: t('csv.column.verdict') },
      ]}
      count={list.total}
      rowHeight={50}
      height={320}
      keyOf={(index) => list.rows.get(index)?.line ?? index}
      shown={list.shown}
      cells={(index) => {
        const row = list.rows.get(index)
        return row ? (
          <>
            <td>{row.line}</td>
            <td className={classes.cell} title={row.localPart}>
              <External>{row.localPart}</External>
            </td>
            <td className={classes.cell}>
              <External>{`${row.givenName} ${row.surName}`.trim()}</External>
              {row.secondaryEmail ? (
                <span className={classes.second}>
                  <External>{row.secondaryEmail}</External>
                </span>
              ) : null}
            </td>
            <td title={row.failure ? sentenceOf(t, row.failure) : undefined}>
              {t(`csv.verdict.${row.verdict}`)}
              {row.failure ? <span className={classes.lines}>{sentenceOf(t, row.failure)}</span> : null}
            </td>
          </>
        ) : null
      }}
    />
  )
}
