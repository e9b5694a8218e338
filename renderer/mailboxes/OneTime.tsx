import { useTranslation } from 'react-i18next'
import { type Creation, domainOf, type LoginLink, type PasswordReset } from '../../preload/mailbox-shapes.ts'
import { MailNews } from '../mail/MailNews.tsx'
import { CopyButton } from '../parts/CopyButton.tsx'
import { External } from '../parts/External.tsx'
import { useLocale } from '../parts/locale.ts'
import { moment } from '../parts/time.ts'
import classes from './mailboxes.module.css'

/** A password that is told once: it leaves the page's memory with this panel. */
export function OneTimePassword({
  made,
  said,
}: {
  made: PasswordReset | Extract<Creation, { outcome: 'created' }>
  said: string
}) {
  const { t } = useTranslation()
  const { address, password, mail } = made
  return (
    <div>
      <p role="status">
        <External>{address}</External> – {said}
      </p>
      <div className={classes.secret}>
        <code>
          <External>{password}</External>
        </code>
        <CopyButton secret text={password} label={t('mailbox.copyPassword')} />
      </div>
      <p>
        <strong>{t('mailbox.once')}</strong> {mail.state === 'none' ? t('mailbox.toNobody') : null}
      </p>
      <MailNews domain={domainOf(address)} outcome={mail} />
    </div>
  )
}

/** A login link, with how long and how many times it works. */
export function OneTimeLink({ made }: { made: LoginLink }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const { address, link, expiresAt, maxUse, mail } = made
  return (
    <div>
      <p role="status">{t('mailbox.linkMade')}</p>
      <div className={classes.secret} data-size="small">
        <code>
          <External>{link}</External>
        </code>
        <CopyButton secret text={link} label={t('mailbox.copyLink')} />
      </div>
      <p>
        {t('mailbox.linkUses', { count: maxUse, moment: moment(locale, expiresAt) })}{' '}
        <strong>{t('mailbox.linkOnce')}</strong>
      </p>
      {mail.state === 'none' ? <p>{t('mailbox.toNobody')}</p> : null}
      <MailNews domain={domainOf(address)} outcome={mail} />
    </div>
  )
}
