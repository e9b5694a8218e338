import { Radio, Stack, Switch, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type SectionProps, useProfileForm } from './form.ts'
import { Section } from './Section.tsx'
import { TestServer } from './TestServer.tsx'

const sources = ['profile', 'address'] as const

/** Which of the two features that a deployment may switch off are on. */
export function FlagsSection(asked: SectionProps) {
  const { t } = useTranslation()
  const form = useProfileForm()
  const isAsked = form.values.flags.from === 'address'
  return (
    <Section
      id="flags"
      title={t('profiles.flags.title')}
      what={t('profiles.flags.what')}
      {...(isAsked ? { test: <TestServer server="flags" {...asked} /> } : {})}
    >
      <Radio.Group aria-label={t('profiles.flags.title')} {...form.getInputProps('flags.from')}>
        <Stack gap={6}>
          {sources.map((from) => (
            <Radio key={from} value={from} label={t(`profiles.flagsFrom.${from}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {isAsked ? (
        <TextInput
          label={t('profiles.flags.address')}
          description={t('profiles.flags.addressHint')}
          placeholder="https://messages.example/api/v1.0/config/"
          inputMode="url"
          required
          maxLength={500}
          {...form.getInputProps('flags.address')}
        />
      ) : (
        <>
          <Switch
            label={t('profiles.flags.create')}
            description="FEATURE_MAILDOMAIN_CREATE"
            {...form.getInputProps('flags.create', { type: 'checkbox' })}
          />
          <Switch
            label={t('profiles.flags.manageAccesses')}
            description="FEATURE_MAILDOMAIN_MANAGE_ACCESSES"
            {...form.getInputProps('flags.manageAccesses', { type: 'checkbox' })}
          />
        </>
      )}
    </Section>
  )
}
