import { UnstyledButton } from '@mantine/core'
import { spotlight } from '@mantine/spotlight'
import { useTranslation } from 'react-i18next'
import { useAgo } from '../parts/Ages.tsx'
import { External } from '../parts/External.tsx'
import { Key } from '../parts/Key.tsx'
import { searchKey } from '../parts/platform.ts'
import { SessionMenu } from '../session/SessionMenu.tsx'
import { useApp } from '../stores.ts'
import classes from './app.module.css'

export function Header() {
  const { t } = useTranslation()
  const profile = useApp((state) => state.app?.profile)
  if (!profile) return null
  return (
    <header className={classes.head}>
      <span className={classes.brand}>{t('app.name')}</span>
      <span className={classes.profile} data-colour={profile.colour}>
        {profile.kind === 'sandbox' ? t('nav.sandbox') : <External>{profile.name}</External>}
      </span>
      <UnstyledButton className={classes.searchButton} onClick={spotlight.open}>
        <span>{t('search.placeholder')}</span>
        <Key>{searchKey}</Key>
      </UnstyledButton>
      <span />
      <SessionMenu />
      <Link />
    </header>
  )
}

/** Always in sight: whether dimail answers, and when it last did. */
function Link() {
  const { t } = useTranslation()
  const connectivity = useApp((state) => state.connectivity)
  const ago = useAgo()
  const state = connectivity?.state ?? 'unknown'
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
