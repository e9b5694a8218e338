import { Button, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import {
  type ProvisionPlan,
  type ProvisionVerdict,
  provisionVerdicts,
} from '../../preload/provisioning-shapes.ts'
import { awayNow } from '../app/store.ts'
import { Choice } from '../mailboxes/CsvLines.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useApp, useStores } from '../stores.ts'
import { Lines } from './Lines.tsx'
import classes from './provisioning.module.css'
import type { ProvisioningStore } from './store.ts'

type Props = { plan: ProvisionPlan; store: ProvisioningStore }

/** Every line with what would become of it, before anything is done. */
export function Plan({ plan, store }: Props) {
  const { t } = useTranslation()
  const [verdict, setVerdict] = useState<ProvisionVerdict | null>(null)
  const failure = useStore(store, (state) => state.failure)
  const { counts } = plan
  const total = provisionVerdicts.reduce((sum, one) => sum + counts[one], 0)
  const read = useRef<HTMLParagraphElement>(null)
  // It stands in place of the form: who reads by ear or by keyboard is led to it.
  useEffect(() => read.current?.focus(), [])
  return (
    <div className={classes.form}>
      <p ref={read} tabIndex={-1}>
        {plan.file === null ? null : (
          <>
            <External>{plan.file}</External> –{' '}
          </>
        )}
        <strong>{t('provisioning.total', { count: total })}</strong> {t('provisioning.nothingYet')}
      </p>
      <fieldset className={classes.choices} aria-label={t('provisioning.verdicts')}>
        <Choice
          label={t('provisioning.all')}
          count={total}
          on={verdict === null}
          set={() => setVerdict(null)}
        />
        {provisionVerdicts.map((one) => (
          <Choice
            key={one}
            label={t(`provisioning.verdict.${one}`)}
            count={counts[one]}
            on={verdict === one}
            set={() => setVerdict(one)}
          />
        ))}
      </fieldset>
      <Lines plan={plan} verdict={verdict} />
      {failure ? <FailureCard failure={failure} /> : null}
      <Apply plan={plan} store={store} />
    </div>
  )
}

/** Nothing is applied before what it does was said. */
function Apply({ plan, store }: Props) {
  const { t } = useTranslation()
  const { jobs } = useStores()
  const busy = useStore(store, (state) => state.busy)
  const away = useApp(awayNow)
  const [asking, { open, close }] = useDisclosure(false)
  const { created, replaced, unchanged, error } = plan.counts
  // What is only written here needs no dimail.
  const blocked = created > 0 && away !== null ? t(`cannotChange.${away}`) : null
  const nothing = created + replaced === 0
  async function run() {
    const job = await store.getState().run()
    if (job !== null) await jobs.getState().show(job)
  }
  return (
    <>
      {nothing ? <p className={classes.quiet}>{t('provisioning.nothingToDo')}</p> : null}
      {blocked ? (
        <p className={classes.quiet} id="cannot-provision">
          {blocked}
        </p>
      ) : null}
      <Group justify="flex-end">
        <Button variant="default" disabled={busy !== null} onClick={() => store.getState().forget()}>
          {t('provisioning.back')}
        </Button>
        <Button
          disabled={nothing || blocked !== null}
          loading={busy === 'running'}
          aria-describedby={blocked ? 'cannot-provision' : undefined}
          onClick={open}
        >
          {t('provisioning.apply', { count: created + replaced })}
        </Button>
      </Group>
      <Confirm
        title={t('provisioning.ask', { count: created + replaced })}
        what={
          <ul>
            {created > 0 ? <li>{t('provisioning.willCreate', { count: created })}</li> : null}
            {replaced > 0 ? <li>{t('provisioning.willReplace', { count: replaced })}</li> : null}
            {unchanged > 0 ? <li>{t('provisioning.willKeep', { count: unchanged })}</li> : null}
            {error > 0 ? <li>{t('provisioning.willSkip', { count: error })}</li> : null}
          </ul>
        }
        act={t('provisioning.applyNow')}
        severe={replaced > 0}
        opened={asking}
        close={close}
        confirm={() => void run()}
      />
    </>
  )
}
