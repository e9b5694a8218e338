import { Group, Radio, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useProfileForm } from './form.ts'
import { Section } from './Section.tsx'

const kinds = ['all', 'entitled', 'claim'] as const

/** On which domains agents work. */
export function ScopeSection() {
  const { t } = useTranslation()
  const form = useProfileForm()
  return (
    <Section id="scope" title={t('profiles.scope.title')} what={t('profiles.scope.what')}>
      <Radio.Group aria-label={t('profiles.scope.title')} {...form.getInputProps('scope.kind')}>
        <Stack gap={6}>
          {kinds.map((kind) => (
            <Radio
              key={kind}
              value={kind}
              data-wrong={form.errors['scope.kind'] !== undefined && kind === form.values.scope.kind}
              label={t(`profiles.scopeIs.${kind}`)}
              description={t(`profiles.scopeMeans.${kind}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {form.values.scope.kind === 'claim' ? (
        <Group align="flex-start" grow>
          <TextInput
            label={t('profiles.scope.claim')}
            placeholder="roles"
            required
            maxLength={100}
            {...form.getInputProps('scope.claim')}
          />
          <TextInput
            label={t('profiles.scope.value')}
            placeholder="support"
            required
            maxLength={200}
            {...form.getInputProps('scope.value')}
          />
        </Group>
      ) : null}
    </Section>
  )
}
