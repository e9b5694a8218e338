import { Button, Title } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { RightsPlan, Session } from '../../preload/session-shapes.ts'
import classes from '../app/app.module.css'
import { FailureCard } from '../parts/FailureCard.tsx'
import sessionClasses from '../session/session.module.css'
import { useApp, useStores } from '../stores.ts'
import { RightsPlanView } from './RightsPlanView.tsx'

/** What DeployCenter says of this person's rights: shown before anything of it is written. `here`: come for this. */
export function RightsSettings({ here }: { here: boolean }) {
  const { t } = useTranslation()
  const session = useApp((state) => state.session)
  const backend = useApp((state) => state.app?.profile?.entitlements.backend)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!here) return
    title.current?.focus()
    title.current?.scrollIntoView({ block: 'start' })
  }, [here])
  if (!session) return null
  return (
    <section className={classes.card} aria-labelledby="settings-rights">
      <Title order={2} mb="xs" id="settings-rights" ref={title} tabIndex={-1} className={sessionClasses.here}>
        {t('settings.rights')}
      </Title>
      {session.by === 'account' ? (
        <p>{t('rightsPlan.noProvider')}</p>
      ) : backend === 'deploycenter' ? (
        <Rights session={session} />
      ) : (
        <p>{t('rightsPlan.noDeployCenter')}</p>
      )}
      {/* Read at a sign-in: without one they are closed, which is not what the deployment says. */}
      {session.state === 'signed-in' ? <Flags session={session} /> : null}
    </section>
  )
}

function Rights({ session }: { session: Session }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [read, setRead] = useState<RightsPlan | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)
  const isProven = session.state === 'signed-in'
  // The session's own reading is the later one when it is the same, or when another has come since.
  const latest = session.plan
  const plan = read && (latest === null || latest.id < read.id) ? read : latest
  async function ask() {
    setBusy(true)
    const reply = await bridge['entitlements.plan']()
    setBusy(false)
    setFailure(reply.ok ? null : reply.failure)
    if (reply.ok) setRead(reply.value)
  }
  return (
    <>
      <p>{t('rightsPlan.what')}</p>
      <Button
        variant="default"
        loading={busy}
        disabled={!isProven}
        title={isProven ? undefined : t('cannotChange.known')}
        onClick={() => void ask()}
      >
        {t('rightsPlan.read')}
      </Button>
      {failure ? <FailureCard failure={failure} /> : null}
      {plan === null ? (
        <p className={classes.quiet}>{t('session.rightsNever')}</p>
      ) : (
        <RightsPlanView key={plan.id} plan={plan} settled={setRead} />
      )}
    </>
  )
}

/** What this deployment allows to anybody at all (docs/entitlements.md 7). */
function Flags({ session: { flags, flagsFailure } }: { session: Session }) {
  const { t } = useTranslation()
  const state = (on: boolean) => t(on ? 'rightsPlan.flag.on' : 'rightsPlan.flag.off')
  return (
    <>
      <Title order={3} size="sm" mt="md" mb="xs">
        {t('rightsPlan.flags')}
      </Title>
      <ul>
        <li>{t('rightsPlan.flag.create', { state: state(flags.create) })}</li>
        <li>{t('rightsPlan.flag.manageAccesses', { state: state(flags.manageAccesses) })}</li>
      </ul>
      {flagsFailure ? <FailureCard failure={flagsFailure}>{t('rightsPlan.flag.closed')}</FailureCard> : null}
    </>
  )
}
