import { Button, Group, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Failure } from '../../preload/failure.ts'
import type { Profile } from '../../preload/profile-shapes.ts'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { tell } from '../parts/tell.ts'
import { useStores } from '../stores.ts'
import classes from './profiles.module.css'
import type { ProfileStore } from './store.ts'
import { useProfileStore } from './use-profile-store.ts'

/** Takes in a profile that somebody exported; its secrets are then to be typed. */
export function ImportProfile({ imported }: { imported: (id: string) => void }) {
  const { t } = useTranslation()
  const { app, bridge } = useStores()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  async function take() {
    setBusy(true)
    setFailure(null)
    const reply = await bridge['profiles.import']()
    setBusy(false)
    if (!reply.ok) return setFailure(reply.failure)
    if (reply.value === null) return
    await app.getState().load()
    imported(reply.value.id)
  }
  return (
    <>
      <Button variant="default" loading={busy} onClick={() => void take()}>
        {t('profiles.import')}
      </Button>
      {failure ? <FailureCard failure={failure} /> : null}
    </>
  )
}

/** Writes a profile to a file, without any secret. */
function ExportProfile({ id, store }: { id: string; store: ProfileStore }) {
  const { t } = useTranslation()
  const busy = useStore(store, (state) => state.busy)
  async function write() {
    const file = await store.getState().export(id)
    if (file !== null) tell(t, t('profiles.exported', { file }))
  }
  return (
    <Button
      variant="default"
      loading={busy === 'exporting'}
      disabled={busy !== null}
      onClick={() => void write()}
    >
      {t('profiles.export')}
    </Button>
  )
}

/** For the settings of the open profile: change it, write it to a file, take another in. */
export function ProfileFiles({ profile }: { profile: Profile }) {
  const { t } = useTranslation()
  const { app } = useStores()
  const store = useProfileStore()
  const failure = useStore(store, (state) => state.failure)
  const edit = (id: string) => app.getState().go({ view: 'profile', id })
  return (
    <>
      <Group gap="xs" mt="xs">
        {profile.kind === 'sandbox' ? null : (
          <>
            <Button onClick={() => edit(profile.id)}>{t('profiles.edit')}</Button>
            <ExportProfile id={profile.id} store={store} />
          </>
        )}
        <ImportProfile imported={edit} />
      </Group>
      {failure ? <FailureCard failure={failure} /> : null}
    </>
  )
}

type RemovalProps = { profile: Profile; store: ProfileStore; removed: () => void }

/** Below the editor: a profile goes only after its consequence was said. */
export function ProfileRemoval({ profile, store, removed }: RemovalProps) {
  const { t } = useTranslation()
  const [asking, { open, close }] = useDisclosure(false)
  async function remove() {
    if (!(await store.getState().remove(profile.id))) return
    tell(t, t('profiles.removed', { name: profile.name }))
    removed()
  }
  return (
    <section className={classes.section} aria-labelledby="profile-files">
      <Title order={2} id="profile-files">
        {t('profiles.files')}
      </Title>
      <p className={classes.quiet}>{t('profiles.exportWhat')}</p>
      <Group gap="xs">
        <ExportProfile id={profile.id} store={store} />
        <Button variant="default" onClick={open}>
          {t('profiles.remove')}
        </Button>
      </Group>
      <Confirm
        severe
        title={t('profiles.removeAsk', { name: profile.name })}
        what={t('profiles.removeWhat')}
        act={t('profiles.remove')}
        opened={asking}
        close={close}
        confirm={() => void remove()}
      />
    </section>
  )
}
