import { Button, Group, PasswordInput, Select, TextInput, Title } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Failure } from '../../preload/failure.ts'
import { profileColours } from '../../preload/profile-shapes.ts'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { KeyringNote } from '../profiles/KeyringNote.tsx'
import { ImportProfile } from '../profiles/ProfileFiles.tsx'
import { useProfileStore } from '../profiles/use-profile-store.ts'
import { newDraft, type ProfileValues, valuesOf } from '../profiles/values.ts'
import { LanguageChoice } from '../settings/LanguageChoice.tsx'
import { useApp, useStores } from '../stores.ts'
import classes from './app.module.css'
import { Banners } from './Banners.tsx'

const ProfilePage = lazy(async () => ({ default: (await import('../profiles/ProfilePage.tsx')).ProfilePage }))

/** A profile that is written in place of the offers, with what was typed of it so far. */
type Writing = { id: string | null; start?: ProfileValues }

/** The first thing seen: try everything on a fictional dimail, or connect to a real one. */
export function Welcome() {
  const { t } = useTranslation()
  const app = useApp((state) => state.app)
  const known = app?.profiles.filter((profile) => profile.kind !== 'sandbox') ?? []
  const [writing, setWriting] = useState<Writing | null>(null)
  /** What was typed in short, so that it is still there when the agent comes back from all settings. */
  const [short, setShort] = useState(() => valuesOf(newDraft))
  if (!app) return null
  if (writing !== null)
    return (
      <>
        <Banners />
        <div className={classes.welcome}>
          <Suspense fallback={<p>{t('domains.loading')}</p>}>
            <ProfilePage {...writing} leave={() => setWriting(null)} />
          </Suspense>
        </div>
      </>
    )
  const change = (id: string) => setWriting({ id })
  return (
    <>
      <Banners />
      <div className={classes.welcome}>
        <div>
          <Title order={1}>{t('welcome.title')}</Title>
          <p className={classes.quiet}>{t('welcome.intro')}</p>
          <LanguageChoice />
        </div>
        {known.length > 0 ? <KnownProfiles change={change} /> : null}
        <div className={classes.offers}>
          <SandboxOffer />
          <RealOffer
            values={short}
            set={setShort}
            all={() => setWriting({ id: null, start: short })}
            change={change}
          />
        </div>
      </div>
    </>
  )
}

function useOpening(): {
  failure: Failure | null
  busy: boolean
  run(work: () => Promise<Failure | null>): void
} {
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)
  async function go(work: () => Promise<Failure | null>) {
    setBusy(true)
    setFailure(await work())
    setBusy(false)
  }
  return { failure, busy, run: (work) => void go(work) }
}

function SandboxOffer() {
  const { t } = useTranslation()
  const { app } = useStores()
  const { failure, busy, run } = useOpening()
  return (
    <section className={classes.card} aria-labelledby="offer-sandbox">
      <Title order={2} id="offer-sandbox">
        {t('welcome.sandbox')}
      </Title>
      <p className={classes.quiet}>{t('welcome.sandboxWhat')}</p>
      <Button loading={busy} onClick={() => run(() => app.getState().openProfile('sandbox'))}>
        {t('welcome.sandboxOpen')}
      </Button>
      {failure ? <FailureCard failure={failure} /> : null}
    </section>
  )
}

function KnownProfiles({ change }: { change: (id: string) => void }) {
  const { t } = useTranslation()
  const { app } = useStores()
  const profiles = useApp((state) => state.app?.profiles) ?? []
  const { failure, busy, run } = useOpening()
  return (
    <section className={classes.card} aria-labelledby="offer-known">
      <Title order={2} id="offer-known">
        {t('welcome.known')}
      </Title>
      {profiles
        .filter((profile) => profile.kind !== 'sandbox')
        .map(({ id, name, colour, address }) => (
          <p key={id}>
            <span className={classes.profile} data-colour={colour}>
              <External>{name}</External>
            </span>{' '}
            <External>{address}</External>{' '}
            <Button
              size="compact-sm"
              disabled={busy}
              onClick={() => run(() => app.getState().openProfile(id))}
            >
              {t('welcome.open', { name })}
            </Button>{' '}
            <Button size="compact-sm" variant="default" disabled={busy} onClick={() => change(id)}>
              {t('welcome.change', { name })}
            </Button>
          </p>
        ))}
      {failure ? <FailureCard failure={failure} /> : null}
    </section>
  )
}

type RealProps = {
  values: ProfileValues
  set: (values: ProfileValues) => void
  /** To the page with all settings. */
  all: () => void
  change: (id: string) => void
}

/** What most profiles need; the rest has its page. */
function RealOffer({ values, set, all, change }: RealProps) {
  const { t } = useTranslation()
  const store = useProfileStore()
  const busy = useStore(store, (state) => state.busy !== null)
  const failure = useStore(store, (state) => state.failure)
  const field = (name: 'name' | 'address' | 'username') => ({
    label: t(`welcome.${name}`),
    value: values[name],
    required: true,
    onChange: (event: { currentTarget: { value: string } }) =>
      set({ ...values, [name]: event.currentTarget.value }),
  })
  return (
    <section className={classes.card} aria-labelledby="offer-real">
      <Title order={2} id="offer-real">
        {t('welcome.real')}
      </Title>
      <p className={classes.quiet}>{t('welcome.realWhat')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void store.getState().save(null, values)
        }}
      >
        <TextInput {...field('name')} maxLength={80} placeholder={t('welcome.namePlaceholder')} />
        <TextInput {...field('address')} maxLength={500} placeholder="https://" inputMode="url" />
        <TextInput {...field('username')} maxLength={200} autoComplete="off" />
        <PasswordInput
          label={t('welcome.password')}
          required
          autoComplete="off"
          maxLength={2000}
          value={values.secrets.password}
          onChange={({ currentTarget: { value } }) =>
            set({ ...values, secrets: { ...values.secrets, password: value } })
          }
        />
        <Select
          label={t('welcome.colour')}
          value={values.colour}
          allowDeselect={false}
          data={profileColours.map((value) => ({ value, label: t(`colour.${value}`) }))}
          onChange={(value) =>
            set({ ...values, colour: profileColours.find((colour) => colour === value) ?? values.colour })
          }
        />
        <KeyringNote />
        <Group gap="xs" mb="md">
          <Button type="submit" variant="default" loading={busy}>
            {t('welcome.connect')}
          </Button>
          <Button variant="subtle" disabled={busy} onClick={all}>
            {t('welcome.all')}
          </Button>
        </Group>
      </form>
      {failure ? <FailureCard failure={failure} /> : null}
      <p className={classes.quiet}>{t('welcome.importWhat')}</p>
      <ImportProfile imported={change} />
    </section>
  )
}
