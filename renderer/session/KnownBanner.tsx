import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from '../app/app.module.css'
import { sentenceOf } from '../i18n/index.ts'
import { useLocale } from '../parts/locale.ts'
import { moment } from '../parts/time.ts'
import { useApp, useDomains, useStores } from '../stores.ts'
import { useSandboxStarting, useSigningIn } from './use-signing-in.ts'

/** An agent of an earlier sign-in reads what was kept, on every page, and signs in again from where they are. */
export function KnownBanner() {
  const { t } = useTranslation()
  const { app } = useStores()
  const locale = useLocale()
  const isProven = useApp((state) => state.session?.state === 'signed-in')
  const failure = useApp((state) => state.signInFailure ?? state.session?.failure ?? null)
  const listedAt = useDomains((state) => state.counts?.fetchedAt ?? null)
  const signingIn = useSigningIn()
  const starting = useSandboxStarting()
  if (isProven) return null
  return (
    <div className={classes.banner}>
      <div>
        <span role="status">
          {listedAt === null
            ? t('session.knownNothing')
            : t('session.known', { moment: moment(locale, listedAt) })}
          {signingIn ? ` ${t('session.awaitingWhat')}` : null}
        </span>{' '}
        {failure && !signingIn ? <span role="alert">{sentenceOf(t, failure)}</span> : null}
      </div>
      {signingIn ? (
        <Button size="compact-sm" variant="default" onClick={() => void app.getState().cancelSignIn()}>
          {t('session.cancel')}
        </Button>
      ) : (
        <Button size="compact-sm" disabled={starting} onClick={() => void app.getState().signIn()}>
          {t('session.signIn')}
        </Button>
      )}
    </div>
  )
}
