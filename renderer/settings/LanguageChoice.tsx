import { SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { locales } from '../../preload/shapes.ts'
import { useLocale } from '../parts/locale.ts'
import { useStores } from '../stores.ts'

const names = { fr: 'Français', en: 'English' }

export function LanguageChoice() {
  const { t } = useTranslation()
  const { app } = useStores()
  return (
    <SegmentedControl
      aria-label={t('settings.language')}
      value={useLocale()}
      data={locales.map((value) => ({ value, label: names[value] }))}
      onChange={(value) => {
        const locale = locales.find((one) => one === value)
        if (locale) void app.getState().configure({ locale })
      }}
    />
  )
}
