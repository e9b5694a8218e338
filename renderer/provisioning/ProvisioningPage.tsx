import { Title } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import app from '../app/app.module.css'
import { useMay } from '../session/use-may.ts'
import { useStores } from '../stores.ts'
import { EndpointCard } from './EndpointCard.tsx'
import { Plan } from './Plan.tsx'
import classes from './provisioning.module.css'
import { createProvisioningStore, followEndpoint } from './store.ts'
import { Typed } from './Typed.tsx'

/** Many domains at once, with their custom attributes: judged first, applied when the agent says so. */
export function ProvisioningPage() {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [store] = useState(() => createProvisioningStore(bridge))
  const may = useMay('domain.provision')
  const plan = useStore(store, (state) => state.plan)
  useEffect(() => {
    const stop = followEndpoint(bridge, store)
    void store.getState().readEndpoint()
    return stop
  }, [bridge, store])
  return (
    <div className={app.page}>
      <div className={app.title}>
        <Title order={1}>{t('provisioning.title')}</Title>
        <span className={app.quiet}>{t('provisioning.hint')}</span>
      </div>
      <div className={classes.parts}>
        <section className={app.card} aria-label={t('provisioning.title')}>
          {may ? plan ? <Plan key={plan.id} plan={plan} store={store} /> : <Typed store={store} /> : null}
          {may ? null : <p>{t('provisioning.notYou')}</p>}
        </section>
        <EndpointCard store={store} />
      </div>
    </div>
  )
}
