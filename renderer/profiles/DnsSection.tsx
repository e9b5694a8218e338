import { Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { locales } from '../../preload/shapes.ts'
import { useProfileForm } from './form.ts'
import classes from './profiles.module.css'
import { Section } from './Section.tsx'

/** The public resolvers asked beside the name servers of a town, and the words of the letters to it. */
export function DnsSection() {
  const { t } = useTranslation()
  const form = useProfileForm()
  return (
    <Section id="dns" title={t('profiles.dns.title')} what={t('profiles.dns.what')}>
      {form.values.resolvers.map((_, place) => (
        <TextInput
          // biome-ignore lint/suspicious/noArrayIndexKey: the two fields stay where they are.
          key={place}
          label={t('profiles.dns.resolver', { place: place + 1 })}
          description={place === 0 ? t('profiles.dns.resolverHint') : undefined}
          maxLength={50}
          spellCheck={false}
          {...form.getInputProps(`resolvers.${place}`)}
        />
      ))}
      {locales.map((locale) => (
        <Textarea
          key={locale}
          label={t(`profiles.dns.template.${locale}`)}
          description={locale === 'fr' ? t('profiles.dns.templateHint') : undefined}
          autosize
          minRows={2}
          maxRows={14}
          maxLength={20_000}
          spellCheck={false}
          classNames={{ input: classes.code }}
          {...form.getInputProps(`letters.${locale}`)}
        />
      ))}
    </Section>
  )
}
