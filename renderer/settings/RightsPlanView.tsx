import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { RightsPlan } from '../../preload/session-shapes.ts'
import classes from '../app/app.module.css'
import { Ago } from '../parts/Ages.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { changes } from '../session/plan-rows.ts'
import { RightsChanges } from '../session/RightsChanges.tsx'
import { Stale, WhyKept } from '../session/RightsNews.tsx'
import session from '../session/session.module.css'
import { Whom } from '../session/Whom.tsx'
import { useApp, useStores } from '../stores.ts'

type Props = { plan: RightsPlan; settled: (plan: RightsPlan) => void }

/** One reading of rights: what it would change, what it could not tell, how old it is, and who stands behind it. */
export function RightsPlanView({ plan, settled }: Props) {
  const { t } = useTranslation()
  const { answeredAt, account, unreadable } = plan
  return (
    <div className={session.plan}>
      <p role="status">
        <Outcome plan={plan} />
      </p>
      <p className={classes.quiet}>
        {answeredAt === null ? (
          t('rightsPlan.noAnswer')
        ) : (
          <>
            {t('rightsPlan.answered')} <Ago at={answeredAt} />
          </>
        )}{' '}
        <Stale plan={plan} />
      </p>
      {/* The question that stands in front shows them. */}
      {plan.state === 'asks' ? null : <RightsChanges plan={plan} height={320} />}
      {unreadable > 0 ? <p>{t('rightsPlan.unreadable', { count: unreadable })}</p> : null}
      <Apply plan={plan} settled={settled} />
      {account ? <Whom account={account} /> : null}
    </div>
  )
}

function Outcome({ plan }: { plan: RightsPlan }) {
  const { t } = useTranslation()
  const { state, add, remove } = plan
  if (state === 'kept' || state === 'failed') return <WhyKept plan={plan} />
  if (!changes(plan)) return t('rightsPlan.unchanged')
  const facts = {
    gained: t('rightsPlan.gained', { count: add.length }),
    lost: t('rightsPlan.lost', { count: remove.length }),
  }
  return t(state === 'applied' ? 'rightsPlan.applied' : 'rightsPlan.planned', facts)
}

function Apply({ plan, settled }: Props) {
  const { t } = useTranslation()
  const { app } = useStores()
  const isProven = useApp((state) => state.session?.state === 'signed-in')
  const [asking, { open, close }] = useDisclosure(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const { id, state, remove } = plan
  if ((state !== 'planned' && state !== 'asks') || !changes(plan)) return null
  async function apply() {
    setBusy(true)
    const reply = await app.getState().settlePlan(id, 'apply')
    setBusy(false)
    if (!reply.ok) return setFailure(reply.failure)
    // It is said here: no banner has to say it again.
    app.getState().seePlan(reply.value.id)
    settled(reply.value)
  }
  return (
    <>
      <Button loading={busy} disabled={!isProven} onClick={open} style={{ alignSelf: 'start' }}>
        {t('rightsPlan.apply')}
      </Button>
      {failure ? <FailureCard failure={failure} /> : null}
      <Confirm
        opened={asking}
        severe={remove.length > 0}
        close={close}
        title={t('rightsPlan.applyAsk')}
        what={t(remove.length > 0 ? 'rightsPlan.applyLoses' : 'rightsPlan.applyGains', {
          count: remove.length,
        })}
        act={t('rightsPlan.apply')}
        confirm={() => void apply()}
      />
    </>
  )
}
