import { Button, SegmentedControl, Stack, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { colorSchemes } from '../../preload/shapes.ts'
import classes from '../app/app.module.css'
import { UnknownCodes } from '../dns/UnknownCodes.tsx'
import { MailSettings } from '../mail/MailSettings.tsx'
import { External } from '../parts/External.tsx'
import { ProfileFiles } from '../profiles/ProfileFiles.tsx'
import { useMay } from '../session/use-may.ts'
import { useApp, useStores } from '../stores.ts'
import { LanguageChoice } from './LanguageChoice.tsx'
import { RightsSettings } from './RightsSettings.tsx'

export function SettingsPage({ section }: { section?: 'rights' }) {
  const { t } = useTranslation()
  const { app } = useStores()
  const state = useApp((store) => store.app)
  const mayMail = useMay('mail.configure')
  if (!state?.profile) return null
  return (
    <div className={classes.page}>
      <Title order={1} mb="md">
        {t('settings.title')}
      </Title>
      <Stack gap="lg" maw={640}>
        <section className={classes.card}>
          <Title order={2} mb="xs">
            {t('settings.language')}
          </Title>
          <LanguageChoice />
        </section>
        <section className={classes.card}>
          <Title order={2} mb="xs">
            {t('settings.theme')}
          </Title>
          <SegmentedControl
            aria-label={t('settings.theme')}
            value={state.colorScheme}
            data={colorSchemes.map((value) => ({ value, label: t(`settings.scheme.${value}`) }))}
            onChange={(value) => {
              const colorScheme = colorSchemes.find((one) => one === value)
              if (colorScheme) void app.getState().configure({ colorScheme })
            }}
          />
        </section>
        <section className={classes.card}>
          <Title order={2} mb="xs">
            {t('settings.profile')}
          </Title>
          <p>
            <strong>
              {state.profile.kind === 'sandbox' ? (
                t('nav.sandbox')
              ) : (
                <External>{state.profile.name}</External>
              )}
            </strong>
            {' · '}
            <External>{state.profile.address}</External>
          </p>
          <Button variant="default" onClick={() => void app.getState().closeProfile()}>
            {t('settings.changeProfile')}
          </Button>
          <ProfileFiles profile={state.profile} />
        </section>
        <RightsSettings here={section === 'rights'} />
        <UnknownCodes key={`codes ${state.profile.id}`} />
        {mayMail ? <MailSettings key={state.profile.id} /> : null}
        <section className={classes.card}>
          <Title order={2} mb="xs">
            {t('settings.about')}
          </Title>
          <p>{t('settings.version', { version: state.version })}</p>
          {state.standIn ? <p>{t('app.standIn')}</p> : null}
          <p className={classes.quiet}>{t('settings.accessibility')}</p>
        </section>
      </Stack>
    </div>
  )
}
