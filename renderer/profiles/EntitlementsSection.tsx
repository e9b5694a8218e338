import { Group, NumberInput, Radio, Stack, TagsInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type SectionProps, useProfileForm } from './form.ts'
import { SecretField } from './SecretField.tsx'
import { Section } from './Section.tsx'
import { TestServer } from './TestServer.tsx'

const backends = ['local', 'deploycenter'] as const

/** Who says which domains an agent administers. */
export function EntitlementsSection({ known, ...asked }: SectionProps) {
  const { t } = useTranslation()
  const form = useProfileForm()
  const isAsked = form.values.entitlements.backend === 'deploycenter'
  return (
    <Section
      id="entitlements"
      title={t('profiles.entitlements.title')}
      what={t('profiles.entitlements.what')}
      {...(isAsked ? { test: <TestServer server="entitlements" {...asked} /> } : {})}
    >
      <Radio.Group
        aria-label={t('profiles.entitlements.title')}
        {...form.getInputProps('entitlements.backend')}
      >
        <Stack gap={6}>
          {backends.map((backend) => (
            <Radio
              key={backend}
              value={backend}
              label={t(`profiles.backend.${backend}`)}
              description={t(`profiles.backendMeans.${backend}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {isAsked ? (
        <>
          <Server known={known.deployCenterKey} />
          <Times />
        </>
      ) : null}
    </Section>
  )
}

function Server({ known }: { known: boolean }) {
  const { t } = useTranslation()
  const form = useProfileForm()
  return (
    <>
      <TextInput
        label={t('profiles.entitlements.address')}
        description={t('profiles.entitlements.addressHint')}
        placeholder="https://deploycenter.example/api/v1.0/entitlements/"
        inputMode="url"
        required
        maxLength={500}
        {...form.getInputProps('entitlements.address')}
      />
      <TextInput
        label={t('profiles.entitlements.serviceId')}
        description={t('profiles.entitlements.serviceIdHint')}
        placeholder="42"
        inputMode="numeric"
        required
        maxLength={18}
        {...form.getInputProps('entitlements.serviceId')}
      />
      <SecretField name="deployCenterKey" label={t('profiles.entitlements.key')} known={known} />
      <TagsInput
        label={t('profiles.entitlements.claims')}
        description={t('profiles.entitlements.claimsHint')}
        maxTags={20}
        {...form.getInputProps('entitlements.claims')}
      />
      <TextInput
        label={t('profiles.entitlements.organizationClaim')}
        description={t('profiles.entitlements.organizationClaimHint')}
        maxLength={100}
        {...form.getInputProps('entitlements.organizationClaim')}
      />
    </>
  )
}

function Times() {
  const { t } = useTranslation()
  const form = useProfileForm()
  return (
    <Group align="flex-end" grow>
      <NumberInput
        label={t('profiles.entitlements.timeoutS')}
        min={1}
        max={60}
        allowDecimal={false}
        {...form.getInputProps('entitlements.timeoutS')}
      />
      <NumberInput
        label={t('profiles.entitlements.freshS')}
        min={0}
        max={86_400}
        allowDecimal={false}
        {...form.getInputProps('entitlements.freshS')}
      />
      <NumberInput
        label={t('profiles.entitlements.staleS')}
        min={0}
        max={604_800}
        allowDecimal={false}
        {...form.getInputProps('entitlements.staleS')}
      />
    </Group>
  )
}
