import { Title } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { KnownSecrets } from '../../preload/profile-shapes.ts'
import app from '../app/app.module.css'
import { FailureCard } from '../parts/FailureCard.tsx'
import { tell } from '../parts/tell.ts'
import { useStores } from '../stores.ts'
import { ProfileRemoval } from './ProfileFiles.tsx'
import { ProfileForm } from './ProfileForm.tsx'
import classes from './profiles.module.css'
import type { ProfileStore } from './store.ts'
import { useProfileStore } from './use-profile-store.ts'
import { newDraft, type ProfileValues, valuesOf } from './values.ts'

type Props = {
  /** Null: a new one. */
  id: string | null
  /** What was typed of a new one elsewhere. */
  start?: ProfileValues
  /** To where the agent comes from; the settings, when nothing is said. */
  leave?: () => void
}

const nothingKnown: KnownSecrets = {
  password: false,
  clientSecret: false,
  deployCenterKey: false,
  provisioningKey: false,
}

/** Everything about one profile on one page. */
export function ProfilePage({ id, start, leave }: Props) {
  const { t } = useTranslation()
  const { app: appStore } = useStores()
  const store = useProfileStore()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const back = leave ?? (() => appStore.getState().go({ view: 'settings' }))
  function saved() {
    tell(t, t('profiles.saved'))
    // A new one is open now, and the agent is where its work begins.
    if (leave || appStore.getState().place.view === 'profile') back()
  }
  const page = { store, saved, leave: back }
  return (
    <div {...(leave ? {} : { className: app.page })}>
      <Title order={1} mb="xs" ref={heading} tabIndex={-1}>
        {t(id === null ? 'profiles.new' : 'profiles.title')}
      </Title>
      <p className={classes.quiet}>{t('profiles.what')}</p>
      {id === null ? (
        <ProfileForm {...page} id={null} known={nothingKnown} start={start ?? valuesOf(newDraft)} />
      ) : (
        <Known key={id} id={id} {...page} />
      )}
    </div>
  )
}

type KnownProps = { id: string; store: ProfileStore; saved: () => void; leave: () => void }

function Known({ id, store, saved, leave }: KnownProps) {
  const { t } = useTranslation()
  const read = useStore(store, (state) => state.read)
  const failure = useStore(store, (state) => state.readFailure)
  useEffect(() => {
    void store.getState().open(id)
  }, [id, store])
  if (failure) return <FailureCard failure={failure} />
  if (!read) return <p role="status">{t('domains.loading')}</p>
  const { profile, known } = read
  if (profile.kind === 'sandbox') return <p>{t('profiles.builtIn')}</p>
  return (
    <>
      <ProfileForm {...{ id, known, store, saved, leave }} start={valuesOf(profile)} />
      <ProfileRemoval profile={profile} store={store} removed={leave} />
    </>
  )
}
