import { useTranslation } from 'react-i18next'
import { useApp } from '../stores.ts'
import classes from './profiles.module.css'

/** Where the passwords that are typed here go, and for how long. */
export function KeyringNote() {
  const { t } = useTranslation()
  const keyring = useApp((state) => state.app?.keyring)
  return keyring === undefined ? null : <p className={classes.quiet}>{t(`profiles.keyring.${keyring}`)}</p>
}
