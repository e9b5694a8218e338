import { Button, UnstyledButton } from '@mantine/core'
import { spotlight } from '@mantine/spotlight'
import { IconLock, IconShieldQuestion } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Profile, ProfileLock } from '../../preload/profile-shapes.ts'
import { useAgo } from '../parts/Ages.tsx'
import { External } from '../parts/External.tsx'
import { Key } from '../parts/Key.tsx'
import { searchKey } from '../parts/platform.ts'
import { SessionMenu } from '../session/SessionMenu.tsx'
import { LanguageChoice } from '../settings/LanguageChoice.tsx'
import { useApp, useStores } from '../stores.ts'
import classes from './app.module.css'

/** Which environment this is, whatever the page; `gated`: nobody may read it yet, and it may only be left. */
export function Header({ gated = false }: { gated?: boolean }) {
  const { t } = useTranslation()
  const profile = useApp((state) => state.app?.profile)
  if (!profile) return null
  return (
    <header className={classes.top}>
      <Band profile={profile} />
      <div className={classes.head} data-gated={gated || undefined}>
        <span className={classes.brand}>{t('app.name')}</span>
        {gated ? <Leave /> : <Tools />}
      </div>
    </header>
  )
}

/** Along the whole window, in the profile's colour and in words: real data are not taken for fictional ones. */
function Band({ profile: { kind, name, colour } }: { profile: Profile }) {
  const { t } = useTranslation()
  const lock = useApp((state) => state.session?.lock ?? state.app?.profile?.lock ?? 'none')
  return (
    <div className={classes.band} data-colour={colour} data-kind={kind}>
      {kind === 'sandbox' ? (
        <strong>{t('nav.sandboxBand')}</strong>
      ) : (
        <>
          <strong>
            <External>{name}</External>
          </strong>
          <span>{t('nav.realBand')}</span>
        </>
      )}
      {lock === 'none' ? null : <Lock lock={lock} />}
    </div>
  )
}

function Lock({ lock }: { lock: Exclude<ProfileLock, 'none'> }) {
  const { t } = useTranslation()
  const Icon = lock === 'read-only' ? IconLock : IconShieldQuestion
  return (
    <span className={classes.lock}>
      <Icon size={15} aria-hidden />
      {t(`lock.${lock}`)}
    </span>
  )
}

function Tools() {
  const { t } = useTranslation()
  return (
    <>
      <UnstyledButton className={classes.searchButton} onClick={spotlight.open}>
        <span>{t('search.placeholder')}</span>
        <Key>{searchKey}</Key>
      </UnstyledButton>
      <span />
      <SessionMenu />
      <Link />
    </>
  )
}

function Leave() {
  const { t } = useTranslation()
  const { app } = useStores()
  return (
    <>
      <span />
      <LanguageChoice />
      <Button size="compact-md" variant="default" onClick={() => void app.getState().closeProfile()}>
        {t('session.otherProfile')}
      </Button>
    </>
  )
}

/** Always in sight: whether dimail answers, and when it last did. */
function Link() {
  const { t } = useTranslation()
  const connectivity = useApp((state) => state.connectivity)
  const isProven = useApp((state) => state.session?.state === 'signed-in')
  const ago = useAgo()
  const state = isProven ? (connectivity?.state ?? 'unknown') : 'notAsked'
  return (
    <div className={classes.link}>
      <div className={classes.link} role="status" aria-label={t('connectivity.label')}>
        <span className={classes.dot} data-state={state} aria-hidden />
        <span>{t(`connectivity.${state}`)}</span>
      </div>
      {connectivity?.lastAnswerAt ? (
        <span className={classes.seen}>
          · {t('connectivity.seen', { ago: ago(connectivity.lastAnswerAt) })}
        </span>
      ) : null}
    </div>
  )
}
