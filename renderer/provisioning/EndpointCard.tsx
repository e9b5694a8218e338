import { Title } from '@mantine/core'
import { IconAlertCircleFilled, IconCircleCheckFilled, IconCircleMinus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { EndpointState } from '../../preload/provisioning-shapes.ts'
import app from '../app/app.module.css'
import { useAgo } from '../parts/Ages.tsx'
import { CopyButton } from '../parts/CopyButton.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { Mark } from '../parts/Marks.tsx'
import { useApp } from '../stores.ts'
import classes from './provisioning.module.css'
import type { ProvisioningStore } from './store.ts'

const looks = {
  off: { tone: 'off', Icon: IconCircleMinus },
  listening: { tone: 'good', Icon: IconCircleCheckFilled },
  failed: { tone: 'bad', Icon: IconAlertCircleFilled },
} as const

/** Whether other programs of this computer may provision, and what they did. */
export function EndpointCard({ store }: { store: ProvisioningStore }) {
  const { t } = useTranslation()
  const endpoint = useStore(store, (state) => state.endpoint)
  const failure = useStore(store, (state) => state.endpointFailure)
  return (
    <section className={app.card} aria-labelledby="endpoint-title">
      <Title order={2} id="endpoint-title">
        {t('provisioning.endpoint.title')}
      </Title>
      <p className={app.quiet}>{t('provisioning.endpoint.what')}</p>
      {failure ? <FailureCard failure={failure} /> : null}
      {endpoint ? <Now endpoint={endpoint} /> : null}
      {endpoint || failure ? null : <p role="status">{t('domains.loading')}</p>}
    </section>
  )
}

function Now({ endpoint: { state, why, address, calls, refused, lastAt } }: { endpoint: EndpointState }) {
  const { t } = useTranslation()
  const ago = useAgo()
  const isSandbox = useApp((store) => store.app?.profile?.kind === 'sandbox')
  // The sandbox's profile has no settings to lead to.
  const reason = why === 'no-port' && isSandbox ? 'no-port-here' : why
  return (
    <>
      <p role="status">
        <Mark look={looks[state]}>{t(`provisioning.endpoint.state.${state}`)}</Mark>{' '}
        {reason === null ? null : t(`provisioning.endpoint.why.${reason}`)}
      </p>
      {address === null ? null : (
        <p className={classes.address}>
          <code>{address}</code>
          <CopyButton text={address} label={t('provisioning.endpoint.copy')} />
        </p>
      )}
      {state === 'listening' || calls + refused > 0 ? (
        <p className={app.quiet}>
          {t('provisioning.endpoint.calls', { count: calls })}{' '}
          {t('provisioning.endpoint.refused', { count: refused })}{' '}
          {lastAt === null
            ? t('provisioning.endpoint.never')
            : t('provisioning.endpoint.last', { ago: ago(lastAt) })}
        </p>
      ) : null}
    </>
  )
}
