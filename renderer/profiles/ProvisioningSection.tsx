import { NumberInput, Switch, Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../parts/CopyButton.tsx'
import { type SectionProps, useProfileForm } from './form.ts'
import classes from './profiles.module.css'
import { SecretField } from './SecretField.tsx'
import { Section } from './Section.tsx'

/** The endpoint of this computer that other programs may call, and what the attributes of domains must fit. */
export function ProvisioningSection({ known }: SectionProps) {
  const { t } = useTranslation()
  const form = useProfileForm()
  const { on, port } = form.values.provisioning
  const address = `http://127.0.0.1:${port}/api/v1.0/provisioning/maildomains/`
  return (
    <Section
      id="provisioning"
      title={t('profiles.provisioning.title')}
      what={t('profiles.provisioning.what')}
    >
      <Switch
        label={t('profiles.provisioning.on')}
        description={t('profiles.provisioning.onHint')}
        {...form.getInputProps('provisioning.on', { type: 'checkbox' })}
      />
      {on ? (
        <>
          <NumberInput
            label={t('profiles.provisioning.port')}
            min={1024}
            max={65_535}
            allowDecimal={false}
            thousandSeparator=""
            {...form.getInputProps('provisioning.port')}
          />
          <SecretField
            name="provisioningKey"
            label={t('profiles.provisioning.key')}
            description={t('profiles.provisioning.keyHint')}
            known={known.provisioningKey}
          />
          <p className={classes.known}>
            <span>
              {t('profiles.provisioning.address')} <code>{address}</code>
            </span>
            <CopyButton text={address} label={t('profiles.provisioning.copyAddress')} />
          </p>
        </>
      ) : null}
      <Textarea
        label={t('profiles.provisioning.schema')}
        description={t('profiles.provisioning.schemaHint')}
        autosize
        minRows={3}
        maxRows={14}
        maxLength={20_000}
        spellCheck={false}
        classNames={{ input: classes.code }}
        {...form.getInputProps('attributesSchema')}
      />
    </Section>
  )
}
