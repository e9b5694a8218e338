import { Button, PasswordInput, Select, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import { profileColours } from '../../preload/profile-shapes.ts'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { LanguageChoice } from '../settings/LanguageChoice.tsx'
import { useApp, useStores } from '../stores.ts'
import classes from './app.module.css'
import { Banners } from './Banners.tsx'

/** The first thing seen: try everything on a fictional dimail, or connect to a real one. */
export function Welcome() {
  const { t } = useTranslation()
  const app = useApp((state) => state.app)
  const known = app?.profiles.filter((profile) => profile.kind !== 'sandbox') ?? []
  if (!app) return null
  return (
    <>
      <Banners />
      <div className={classes.welcome}>
        <div>
          <Title order={1}>{t('welcome.title')}</Title>
          <p className={classes.quiet}>{t('welcome.intro')}</p>
          <LanguageChoice />
        </div>
        {known.length > 0 ? <KnownProfiles /> : null}
        <div className={classes.offers}>
          <SandboxOffer />
          <RealOffer />
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

function KnownProfiles() {
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
            </Button>
          </p>
        ))}
      {failure ? <FailureCard failure={failure} /> : null}
    </section>
  )
}

const empty = {
  name: '',
  address: '',
  username: '',
  password: '',
  colour: 'red' as (typeof profileColours)[number],
}

function RealOffer() {
  const { t } = useTranslation()
  const { app } = useStores()
  const keyring = useApp((state) => state.app?.keyring)
  const [form, setForm] = useState(empty)
  const { failure, busy, run } = useOpening()
  const field = (name: 'name' | 'address' | 'username' | 'password') => ({
    label: t(`welcome.${name}`),
    value: form[name],
    required: true,
    onChange: (event: { currentTarget: { value: string } }) =>
      setForm({ ...form, [name]: event.currentTarget.value }),
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
          run(() => app.getState().addProfile(form))
        }}
      >
        <TextInput {...field('name')} placeholder={t('welcome.namePlaceholder')} />
        <TextInput {...field('address')} placeholder="https://" inputMode="url" />
        <TextInput {...field('username')} autoComplete="off" />
        <PasswordInput {...field('password')} autoComplete="off" />
        <Select
          label={t('welcome.colour')}
          value={form.colour}
          allowDeselect={false}
          data={profileColours.map((value) => ({ value, label: t(`colour.${value}`) }))}
          onChange={(value) =>
            setForm({ ...form, colour: profileColours.find((colour) => colour === value) ?? form.colour })
          }
        />
        {keyring === false ? <p className={classes.quiet}>{t('welcome.noKeyring')}</p> : null}
        <Button type="submit" mt="md" variant="default" loading={busy}>
          {t('welcome.connect')}
        </Button>
      </form>
      {failure ? <FailureCard failure={failure} /> : null}
    </section>
  )
}
