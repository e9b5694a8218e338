import {
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Radio,
  SegmentedControl,
  Stack,
  TagsInput,
  TextInput,
} from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type SectionProps, useProfileForm } from './form.ts'
import { presetNames, withPreset } from './presets.ts'
import classes from './profiles.module.css'
import { RedirectUris } from './RedirectUris.tsx'
import { SecretField } from './SecretField.tsx'
import { Section } from './Section.tsx'
import { TestServer } from './TestServer.tsx'

/** How agents prove who they are, when the profile wants them to. */
export function SignInSection({ known, ...asked }: SectionProps) {
  const { t } = useTranslation()
  const form = useProfileForm()
  const { on } = form.values.signIn
  return (
    <Section
      id="sign-in"
      title={t('profiles.signIn.title')}
      what={t('profiles.signIn.what')}
      {...(on ? { test: <TestServer server="provider" {...asked} /> } : {})}
    >
      <Radio.Group
        aria-label={t('profiles.signIn.title')}
        value={on ? 'provider' : 'none'}
        onChange={(value) => form.setFieldValue('signIn.on', value === 'provider')}
      >
        <Stack gap={6}>
          <Radio
            value="none"
            label={t('profiles.signIn.none')}
            description={t('profiles.signIn.noneMeans')}
          />
          <Radio
            value="provider"
            label={t('profiles.signIn.provider')}
            description={t('profiles.signIn.providerMeans')}
          />
        </Stack>
      </Radio.Group>
      {on ? (
        <>
          <Presets />
          <Client known={known.clientSecret} />
          <RedirectUris />
          <Answers />
          <Assurance />
        </>
      ) : null}
    </Section>
  )
}

function Presets() {
  const { t } = useTranslation()
  const form = useProfileForm()
  return (
    <div>
      <p className={classes.quiet}>{t('profiles.preset.what')}</p>
      <Group gap="xs">
        {presetNames.map((name) => (
          <Button
            key={name}
            size="compact-sm"
            variant="default"
            onClick={() => form.setFieldValue('signIn', withPreset(form.values.signIn, name))}
          >
            {t(`profiles.preset.${name}`)}
          </Button>
        ))}
      </Group>
    </div>
  )
}

function Client({ known }: { known: boolean }) {
  const { t } = useTranslation()
  const form = useProfileForm()
  const isConfidential = form.values.signIn.client === 'confidential'
  return (
    <>
      <TextInput
        label={t('profiles.signIn.issuer')}
        description={t('profiles.signIn.issuerHint')}
        placeholder="https://"
        inputMode="url"
        required
        maxLength={500}
        {...form.getInputProps('signIn.issuer')}
      />
      <TextInput
        label={t('profiles.signIn.clientId')}
        required
        autoComplete="off"
        maxLength={200}
        {...form.getInputProps('signIn.clientId')}
      />
      <Radio.Group label={t('profiles.signIn.client')} {...form.getInputProps('signIn.client')}>
        <Stack gap={6} mt={4}>
          {(['public', 'confidential'] as const).map((client) => (
            <Radio
              key={client}
              value={client}
              label={t(`profiles.client.${client}`)}
              description={t(`profiles.clientMeans.${client}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {isConfidential ? (
        <SecretField
          name="clientSecret"
          label={t('profiles.signIn.clientSecret')}
          description={t('profiles.signIn.clientSecretHint')}
          known={known}
        />
      ) : null}
      <Checkbox
        label={t('profiles.signIn.pkce')}
        description={t(isConfidential ? 'profiles.signIn.pkceHint' : 'profiles.signIn.pkceAlways')}
        disabled={!isConfidential}
        checked={!isConfidential || form.values.signIn.pkce}
        onChange={({ currentTarget: { checked } }) => form.setFieldValue('signIn.pkce', checked)}
      />
    </>
  )
}

/** What is asked of the provider, and how its answers are written. */
function Answers() {
  const { t } = useTranslation()
  const form = useProfileForm()
  return (
    <>
      <TextInput
        label={t('profiles.signIn.scopes')}
        description={t('profiles.signIn.scopesHint')}
        maxLength={300}
        spellCheck={false}
        {...form.getInputProps('signIn.scopes')}
      />
      <div>
        <p className={classes.label} id="profile-algorithm">
          {t('profiles.signIn.algorithm')}
        </p>
        <SegmentedControl
          aria-labelledby="profile-algorithm"
          data={['ES256', 'RS256']}
          {...form.getInputProps('signIn.algorithm')}
        />
      </div>
      <div>
        <p className={classes.label} id="profile-userinfo">
          {t('profiles.signIn.userinfo')}
        </p>
        <p className={classes.quiet}>{t('profiles.signIn.userinfoHint')}</p>
        <SegmentedControl
          aria-labelledby="profile-userinfo"
          data={(['json', 'jwt'] as const).map((value) => ({
            value,
            label: t(`profiles.userinfo.${value}`),
          }))}
          {...form.getInputProps('signIn.userinfo')}
        />
      </div>
    </>
  )
}

const requests = ['none', 'acr_values', 'claims'] as const

function Assurance() {
  const { t } = useTranslation()
  const form = useProfileForm()
  return (
    <>
      <TagsInput
        label={t('profiles.signIn.acr')}
        description={t('profiles.signIn.acrHint')}
        maxTags={10}
        {...form.getInputProps('signIn.acr')}
      />
      <NativeSelect
        label={t('profiles.signIn.acrRequest')}
        data={requests.map((value) => ({ value, label: t(`profiles.acrRequest.${value}`) }))}
        {...form.getInputProps('signIn.acrRequest')}
      />
    </>
  )
}
