import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type SectionProps, useProfileForm } from './form.ts'
import { KeyringNote } from './KeyringNote.tsx'
import { SecretField } from './SecretField.tsx'
import { Section } from './Section.tsx'
import { TestServer } from './TestServer.tsx'

export function DimailSection({ known, ...asked }: SectionProps) {
  const { t } = useTranslation()
  const form = useProfileForm()
  return (
    <Section
      id="dimail"
      title={t('profiles.dimail.title')}
      what={t('profiles.dimail.what')}
      test={<TestServer server="dimail" {...asked} />}
    >
      <TextInput
        label={t('profiles.dimail.address')}
        required
        placeholder="https://"
        inputMode="url"
        maxLength={500}
        {...form.getInputProps('address')}
      />
      <TextInput
        label={t('profiles.dimail.username')}
        required
        autoComplete="off"
        maxLength={200}
        {...form.getInputProps('username')}
      />
      <SecretField
        name="password"
        label={t('profiles.dimail.password')}
        known={known.password}
        required={asked.id === null}
      />
      <KeyringNote />
    </Section>
  )
}
