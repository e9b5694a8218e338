import { Anchor, Button, Loader } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Profile } from '../../preload/profile-shapes.ts'
import type { Session } from '../../preload/session-shapes.ts'
import appClasses from '../app/app.module.css'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useApp, useStores } from '../stores.ts'
import { GateTitle } from './GateTitle.tsx'
import { Refused } from './Refused.tsx'
import classes from './session.module.css'
import { useSandboxStarting, useSigningIn } from './use-signing-in.ts'

/** In place of the console while nobody may read it: who this profile is, and how to sign in. */
export function SessionGate() {
  const profile = useApp((state) => state.app?.profile)
  const session = useApp((state) => state.session)
  const signingIn = useSigningIn()
  // Too short to be worth a word.
  if (!profile || session === null) return null
  return (
    <div className={classes.gate}>
      <section className={classes.card} aria-labelledby="gate-title">
        {signingIn ? (
          <Awaiting />
        ) : session.refusal ? (
          <Refused session={session} refusal={session.refusal} />
        ) : (
          <SignedOut session={session} profile={profile} />
        )}
        <Which profile={profile} />
      </section>
    </div>
  )
}

function Which({ profile: { id, kind, name, colour, address } }: { profile: Profile }) {
  const { t } = useTranslation()
  const { app } = useStores()
  return (
    <div className={classes.which}>
      <p>
        {t('session.profile')}{' '}
        <span className={appClasses.profile} data-colour={colour}>
          {kind === 'sandbox' ? t('nav.sandbox') : <External>{name}</External>}
        </span>{' '}
        <span className={classes.quiet}>
          <External>{address}</External>
        </span>
      </p>
      {kind === 'sandbox' ? null : (
        <Anchor component="button" size="sm" onClick={() => app.getState().go({ view: 'profile', id })}>
          {t('session.editProfile')}
        </Anchor>
      )}
    </div>
  )
}

/** What the button opens: nobody has a password in the sandbox. */
const whats = {
  sandbox: 'session.signInSandbox',
  dimail: 'session.signInWhat',
} as const

function SignedOut({ session, profile }: { session: Session; profile: Profile }) {
  const { t } = useTranslation()
  const { app } = useStores()
  const left = useApp((state) => state.left)
  const failure = useApp((state) => state.signInFailure) ?? session.failure
  const starting = useSandboxStarting()
  return (
    <>
      <GateTitle>{t('session.signInTitle')}</GateTitle>
      <div role="status">{left === null ? null : <p>{t(`session.left.${left}`)}</p>}</div>
      {failure ? <FailureCard failure={failure} /> : null}
      {profile.kind === 'sandbox' ? <SandboxServers /> : null}
      <div className={classes.acts}>
        <Button disabled={starting} onClick={() => void app.getState().signIn()}>
          {t('session.signIn')}
        </Button>
      </div>
      <p className={classes.quiet}>{t(starting ? 'session.sandboxStarting' : whats[profile.kind])}</p>
    </>
  )
}

/** Nobody can sign in at a provider that is not there. */
function SandboxServers() {
  const { t } = useTranslation()
  const { app } = useStores()
  const state = useApp((store) => store.sandbox?.state)
  if (state !== 'stopped' && state !== 'failed') return null
  return (
    <div className={classes.tell}>
      <span>{t('session.sandboxStopped')}</span>
      <Button size="compact-md" variant="default" onClick={() => void app.getState().order('start')}>
        {t('sandbox.start')}
      </Button>
    </div>
  )
}

function Awaiting() {
  const { t } = useTranslation()
  const { app } = useStores()
  async function again() {
    await app.getState().cancelSignIn()
    await app.getState().signIn()
  }
  return (
    <>
      <GateTitle>{t('session.awaiting')}</GateTitle>
      <p role="status">
        <Loader size="xs" aria-hidden /> {t('session.awaitingWhat')}
      </p>
      <div className={classes.acts}>
        <Button variant="default" onClick={() => void again()}>
          {t('session.openAgain')}
        </Button>
        <Button variant="default" onClick={() => void app.getState().cancelSignIn()}>
          {t('session.cancel')}
        </Button>
      </div>
    </>
  )
}
