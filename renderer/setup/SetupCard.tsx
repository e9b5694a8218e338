import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import { type DomainSetup, setupSteps } from '../../preload/people-shapes.ts'
import { awayNow } from '../app/store.ts'
import classes from '../domain/domain.module.css'
import { FailureCard } from '../parts/FailureCard.tsx'
import { tell } from '../parts/tell.ts'
import { useRights } from '../rights/use-rights.ts'
import { useApp, useStores } from '../stores.ts'

/** A creation that stopped on its way: what is done, what is missing, and one button that does just that. */
export function SetupCard({ setup }: { setup: DomainSetup }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const { may } = useRights(setup.name)
  const away = useApp(awayNow)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(setup.failure)
  async function finish() {
    setBusy(true)
    const reply = await bridge['domains.finish']({ name: setup.name })
    setBusy(false)
    if (!reply.ok) return setFailure(reply.failure)
    setFailure(reply.value.failure)
    if (reply.value.missing.length === 0) tell(t, t('setup.made', { name: setup.name }))
  }
  return (
    <section className={classes.card} aria-labelledby="setup-title">
      <header>
        <h2 id="setup-title">{t('setup.unfinished')}</h2>
      </header>
      <ul>
        {setupSteps.map((step) => (
          <li key={step}>
            {t(`setup.step.${step}`)} – {t(setup.missing.includes(step) ? 'setup.missing' : 'setup.done')}
          </li>
        ))}
      </ul>
      {failure ? <FailureCard failure={failure} /> : null}
      {may('domain.setup') ? (
        <Button
          mt="sm"
          loading={busy}
          disabled={away !== null}
          title={away === null ? undefined : t(`cannotChange.${away}`)}
          onClick={() => void finish()}
        >
          {t('setup.finish')}
        </Button>
      ) : null}
    </section>
  )
}
