import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Session } from '../../preload/session-shapes.ts'
import { Ago } from '../parts/Ages.tsx'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useApp, useStores } from '../stores.ts'
import { GateTitle } from './GateTitle.tsx'
import classes from './session.module.css'
import { Whom } from './Whom.tsx'

/** The reasons that DeployCenter is known to give (docs/entitlements.md 2.5). */
const reasons = ['not_activated', 'no_organization'] as const

type Props = { session: Session; refusal: NonNullable<Session['refusal']> }

/** DeployCenter says that this person has no access: why, and whom to ask. */
export function Refused({ session: { person }, refusal: { reason, account, answeredAt } }: Props) {
  const { t } = useTranslation()
  const { app } = useStores()
  const failure = useApp((state) => state.signInFailure)
  return (
    <>
      <GateTitle>{t('session.refused')}</GateTitle>
      <p role="alert">
        <Reason reason={reason} />
      </p>
      {failure ? <FailureCard failure={failure} /> : null}
      <Whom account={account} />
      <p className={classes.quiet}>
        {person === null ? null : (
          <>
            {t('session.youAre')} <External>{person.name}</External>
            {person.email === null ? null : (
              <>
                {' '}
                (<External>{person.email}</External>)
              </>
            )}
            {' · '}
          </>
        )}
        {t('session.saidBy')} <Ago at={answeredAt} />
      </p>
      <div className={classes.acts}>
        <Button onClick={() => void app.getState().signIn()}>{t('session.tryAgain')}</Button>
        <Button variant="default" onClick={() => void app.getState().signOut()}>
          {t('session.signOut')}
        </Button>
      </div>
    </>
  )
}

function Reason({ reason }: { reason: string | null }) {
  const { t } = useTranslation()
  const known = reasons.find((one) => one === reason)
  if (known) return t(`session.refusal.${known}`)
  if (reason === null) return t('session.refusedNoReason')
  return (
    <>
      {t('session.refusedReason')} <External>{reason}</External>
    </>
  )
}
