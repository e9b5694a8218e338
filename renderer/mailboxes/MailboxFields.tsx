import { Collapse, NativeSelect, TextInput, UnstyledButton } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { MailboxNames } from '../../preload/mailbox-shapes.ts'
import { type Locale, locales } from '../../preload/shapes.ts'
import { sentenceOf } from '../i18n/index.ts'
import { fieldOf } from './failure-field.ts'
import { suggestedLocalPart } from './local-part.ts'
import classes from './mailboxes.module.css'

export type Typed = {
  localPart: string
  givenName: string
  surName: string
  displayName: string
  secondaryEmail: string
  /** Empty: the profile's language. */
  locale: Locale | ''
}
export type MailboxForm = UseFormReturnType<Typed>

const empty: Typed = {
  localPart: '',
  givenName: '',
  surName: '',
  displayName: '',
  secondaryEmail: '',
  locale: '',
}

/** What an agent types of a mailbox. A new one has its local part suggested until the agent writes another. */
export function useMailboxForm(initial: Partial<Typed> = {}): MailboxForm {
  const suggests = initial.localPart === undefined
  const form: MailboxForm = useForm<Typed>({
    initialValues: { ...empty, ...initial },
    onValuesChange(now, before) {
      const suggested = suggestedLocalPart(before.givenName, before.surName)
      if (!suggests || now.localPart !== before.localPart || now.localPart !== suggested) return
      const next = suggestedLocalPart(now.givenName, now.surName)
      if (next !== now.localPart) form.setFieldValue('localPart', next)
    },
  })
  return form
}

export const namesOf = ({ givenName, surName, displayName, secondaryEmail }: Typed): MailboxNames => ({
  givenName,
  surName,
  displayName,
  secondaryEmail: secondaryEmail.trim() === '' ? null : secondaryEmail,
})

/** Puts a failure of main at the field that it is about; false when it is about none. */
export function useFailureAtField(form: MailboxForm): (failure: Failure) => boolean {
  const { t } = useTranslation()
  return (failure) => {
    const field = fieldOf(failure)
    if (field === null) return false
    form.setFieldError(field, sentenceOf(t, failure))
    return true
  }
}

/** The names of a person. */
export function NameFields({
  form,
  readOnly = false,
  autofocus = false,
}: {
  form: MailboxForm
  readOnly?: boolean
  autofocus?: boolean
}) {
  const { t } = useTranslation()
  const field = { autoComplete: 'off', maxLength: 200, readOnly, required: !readOnly }
  return (
    <div className={classes.pair}>
      <TextInput
        {...field}
        label={t('mailbox.givenName')}
        {...(autofocus ? { 'data-autofocus': true } : {})}
        {...form.getInputProps('givenName')}
      />
      <TextInput {...field} label={t('mailbox.surName')} {...form.getInputProps('surName')} />
    </div>
  )
}

export function LocalPartField({
  form,
  domain,
  fixed = false,
}: {
  form: MailboxForm
  domain: string
  fixed?: boolean
}) {
  const { t } = useTranslation()
  return (
    <TextInput
      label={t('mailbox.localPart')}
      description={t(fixed ? 'mailbox.localPartFixed' : 'mailbox.localPartHint')}
      rightSection={<bdi className={classes.at}>@{domain}</bdi>}
      rightSectionWidth={`min(60%, ${domain.length + 4}ch)`}
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      readOnly={fixed}
      required={!fixed}
      {...form.getInputProps('localPart')}
    />
  )
}

export function SecondaryField({ form, readOnly = false }: { form: MailboxForm; readOnly?: boolean }) {
  const { t } = useTranslation()
  return (
    <TextInput
      label={t('mailbox.secondary')}
      description={t('mailbox.secondaryHint')}
      inputMode="email"
      autoComplete="off"
      maxLength={320}
      readOnly={readOnly}
      {...form.getInputProps('secondaryEmail')}
    />
  )
}

export function DisplayNameField({ form, readOnly = false }: { form: MailboxForm; readOnly?: boolean }) {
  const { t } = useTranslation()
  const { givenName, surName } = form.values
  return (
    <TextInput
      label={t('mailbox.displayName')}
      description={t('mailbox.displayNameHint')}
      placeholder={`${givenName} ${surName}`.trim()}
      maxLength={401}
      autoComplete="off"
      readOnly={readOnly}
      {...form.getInputProps('displayName')}
    />
  )
}

/** What few need: another display name, another language of the message. */
export function MoreFields({ form }: { form: MailboxForm }) {
  const { t } = useTranslation()
  const isWanted = form.errors.displayName !== undefined || form.values.displayName !== ''
  const [opened, { toggle }] = useDisclosure(isWanted)
  const shown = opened || form.errors.displayName !== undefined
  return (
    <div>
      <UnstyledButton className={classes.quiet} aria-expanded={shown} onClick={toggle}>
        {shown ? '▾' : '▸'} {t('mailbox.more')}
      </UnstyledButton>
      <Collapse expanded={shown}>
        <div className={classes.form}>
          <DisplayNameField form={form} />
          <LanguageField form={form} />
        </div>
      </Collapse>
    </div>
  )
}

export function LanguageField({ form }: { form: MailboxForm }) {
  const { t } = useTranslation()
  return (
    <NativeSelect
      label={t('mailbox.language')}
      data={[
        { value: '', label: t('mailbox.languageProfile') },
        ...locales.map((locale) => ({ value: locale, label: t(`mail.locale.${locale}`) })),
      ]}
      {...form.getInputProps('locale')}
    />
  )
}
