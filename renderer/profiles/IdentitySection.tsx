import { Radio, Select, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { profileColours, profileLocks } from '../../preload/profile-shapes.ts'
import app from '../app/app.module.css'
import { External } from '../parts/External.tsx'
import { useProfileForm } from './form.ts'
import { Section } from './Section.tsx'

/** By what agents tell this profile from another, and what it keeps them from doing. */
export function IdentitySection() {
  const { t } = useTranslation()
  const form = useProfileForm()
  const { name, colour } = form.values
  return (
    <Section id="identity" title={t('profiles.identity.title')} what={t('profiles.identity.what')}>
      <TextInput
        label={t('profiles.identity.name')}
        required
        withAsterisk
        maxLength={80}
        placeholder={t('welcome.namePlaceholder')}
        {...form.getInputProps('name')}
      />
      <Select
        label={t('profiles.identity.colour')}
        allowDeselect={false}
        data={profileColours.map((value) => ({ value, label: t(`colour.${value}`) }))}
        {...form.getInputProps('colour')}
      />
      <p>
        {t('profiles.identity.seen')}{' '}
        <span className={app.profile} data-colour={colour}>
          <External>{name.trim() === '' ? t('welcome.namePlaceholder') : name}</External>
        </span>
      </p>
      <Radio.Group label={t('profiles.identity.lock')} {...form.getInputProps('lock')}>
        <Stack gap={6} mt={4}>
          {profileLocks.map((lock) => (
            <Radio
              key={lock}
              value={lock}
              label={t(`profiles.lock.${lock}`)}
              description={t(`profiles.lockMeans.${lock}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
    </Section>
  )
}
