import { Button, Group } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { sentenceOf } from '../i18n/index.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { DimailSection } from './DimailSection.tsx'
import { DnsSection } from './DnsSection.tsx'
import { EntitlementsSection } from './EntitlementsSection.tsx'
import { FlagsSection } from './FlagsSection.tsx'
import { fieldOf } from './failure-field.ts'
import { ProfileFormProvider, type SectionProps, useNewProfileForm } from './form.ts'
import { IdentitySection } from './IdentitySection.tsx'
import { ProvisioningSection } from './ProvisioningSection.tsx'
import classes from './profiles.module.css'
import { ScopeSection } from './ScopeSection.tsx'
import { SignInSection } from './SignInSection.tsx'
import { draftOf, type ProfileValues, wrongIn } from './values.ts'
import { sentencesFor } from './wrong.ts'

type Props = Omit<SectionProps, 'goThere'> & {
  start: ProfileValues
  /** After it was saved. */
  saved: () => void
  /** When the agent gives up. */
  leave: () => void
}

/** All of a profile. Nothing is lost when it cannot be saved: the form is taken away only after it was. */
export function ProfileForm({ start, saved, leave, ...props }: Props) {
  const { id, store } = props
  const form = useChecked(start, id)
  const { t } = useTranslation()
  const { root, goThere } = useFirstWrong()
  const section = { ...props, goThere }
  async function save(values: ProfileValues) {
    if (await store.getState().save(id, values)) return saved()
    const { failure } = store.getState()
    const field = failure && fieldOf(failure)
    if (!field) return
    form.setFieldError(field, sentenceOf(t, failure))
    goThere()
  }
  return (
    <ProfileFormProvider form={form}>
      <form
        ref={root}
        noValidate
        className={classes.form}
        onSubmit={form.onSubmit((values) => void save(values), goThere)}
      >
        <IdentitySection />
        <DimailSection {...section} />
        <SignInSection {...section} />
        <EntitlementsSection {...section} />
        <ScopeSection />
        <FlagsSection {...section} />
        <ProvisioningSection {...section} />
        <DnsSection />
        <div className={classes.bar}>
          <Refusal store={store} />
          {Object.keys(form.errors).length > 0 ? <p role="alert">{t('profiles.someWrong')}</p> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={leave}>
              {t('app.cancel')}
            </Button>
            <Save store={store} isNew={id === null} />
          </Group>
        </div>
      </form>
    </ProfileFormProvider>
  )
}

function useChecked(start: ProfileValues, id: string | null) {
  const { t } = useTranslation()
  return useNewProfileForm({
    initialValues: start,
    validate: (values) => ({
      ...sentencesFor(t, wrongIn(draftOf(values))),
      ...(id === null && values.secrets.password === ''
        ? { 'secrets.password': t('profiles.wrong.password') }
        : {}),
    }),
  })
}

/** Leads to the first field that is wrong, wherever it is on a page this long. */
function useFirstWrong() {
  const root = useRef<HTMLFormElement>(null)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (turn > 0)
      root.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong="true"]')?.focus()
  }, [turn])
  return { root, goThere: () => setTurn((before) => before + 1) }
}

/** Why it was not saved, when that is about no one field. */
function Refusal({ store }: Pick<SectionProps, 'store'>) {
  const failure = useStore(store, (state) => state.failure)
  return failure && fieldOf(failure) === null ? <FailureCard failure={failure} /> : null
}

function Save({ store, isNew }: Pick<SectionProps, 'store'> & { isNew: boolean }) {
  const { t } = useTranslation()
  const busy = useStore(store, (state) => state.busy)
  return (
    <Button type="submit" loading={busy === 'saving'} disabled={busy !== null}>
      {t(isNew ? 'profiles.saveNew' : 'app.save')}
    </Button>
  )
}
