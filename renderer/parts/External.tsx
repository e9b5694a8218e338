import { IconAlertTriangleFilled } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { mixesAlphabets, visible } from './external-text.ts'
import classes from './parts.module.css'

/**
 * A text that somebody else wrote: isolated from the direction around it, with nothing hidden in it, and marked when
 * its letters only look like those of another name.
 */
export function External({ children, lang }: { children: string; lang?: string }) {
  return (
    <bdi className={classes.external} {...(lang ? { lang } : {})}>
      {visible(children)}
      {mixesAlphabets(children) ? <LooksAlike /> : null}
    </bdi>
  )
}

function LooksAlike() {
  const { t } = useTranslation()
  return (
    <span
      className={classes.alike}
      role="img"
      aria-label={t('app.mixedAlphabets')}
      title={t('app.mixedAlphabets')}
    >
      <IconAlertTriangleFilled size={13} aria-hidden />
    </span>
  )
}
