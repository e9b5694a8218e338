import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { RightsPlan } from '../../preload/session-shapes.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useApp, useStores } from '../stores.ts'
import { RightsChanges } from './RightsChanges.tsx'

/** An empty list from DeployCenter would take everything away: the agent says whether it may. */
export function RightsAsk() {
  const plan = useApp((state) => state.session?.plan)
  return plan?.state === 'asks' ? <Question key={plan.id} plan={plan} /> : null
}

function Question({ plan }: { plan: RightsPlan }) {
  const { t } = useTranslation()
  const { app } = useStores()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  async function settle(act: 'apply' | 'decline') {
    setBusy(true)
    const reply = await app.getState().settlePlan(plan.id, act)
    setBusy(false)
    setFailure(reply.ok ? null : reply.failure)
  }
  const leave = () => void settle('decline')
  return (
    <Modal
      opened
      size="lg"
      onClose={leave}
      title={t('rightsAsk.title')}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <p>{t('rightsAsk.what', { count: plan.remove.length })}</p>
      <p>{t('rightsAsk.why')}</p>
      <RightsChanges plan={plan} height={240} />
      {failure ? <FailureCard failure={failure} /> : null}
      <Group justify="flex-end" mt="md">
        <Button variant="default" data-autofocus disabled={busy} onClick={leave}>
          {t('rightsAsk.leave')}
        </Button>
        <Button color="red.7" loading={busy} onClick={() => void settle('apply')}>
          {t('rightsAsk.take')}
        </Button>
      </Group>
    </Modal>
  )
}
