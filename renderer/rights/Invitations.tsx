import { Button, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import type { Invitation, Rights } from '../../preload/people-shapes.ts'
import { External } from '../parts/External.tsx'
import { useLocale } from '../parts/locale.ts'
import { tell, tellFailure } from '../parts/tell.ts'
import { moment, useNow } from '../parts/time.ts'
import { VirtualTable } from '../parts/VirtualTable.tsx'
import { useStores } from '../stores.ts'
import classes from './rights.module.css'
import type { Take } from './use-rights.ts'

type InvitationsProps = { rights: Rights; take: Take; sent: (mail: MailOutcome) => void }

/** The invitations that nobody has taken up yet. */
export function Invitations({ rights, take, sent }: InvitationsProps) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const locale = useLocale()
  const now = useNow()
  const { domain, invitations } = rights
  const mine = rights.may.includes('invitation.manage')
  const mayTouch = ({ role }: Invitation) => mine && rights.grantable.includes(role)
  async function resend(invitation: Invitation) {
    const reply = await bridge['invitations.resend']({ domain, id: invitation.id })
    if (!reply.ok) return tellFailure(reply.failure)
    take({ ok: true, value: reply.value.rights })
    sent(reply.value.mail)
    tell(t, t('rights.renewed', { email: invitation.email }))
  }
  async function revoke(invitation: Invitation) {
    if (take(await bridge['invitations.revoke']({ domain, id: invitation.id })))
      tell(t, t('rights.revoked', { email: invitation.email }))
  }
  if (invitations.length === 0) return null
  return (
    <div>
      <Title order={2} className={classes.heading}>
        {t('rights.invitations', { count: invitations.length })}
      </Title>
      <VirtualTable
        label={t('rights.invitations', { count: invitations.length })}
        columns={[
          { id: 'person', label: t('rights.column.email') },
          { id: 'role', label: t('rights.column.role'), width: 190 },
          { id: 'until', label: t('rights.column.until'), width: 220 },
          { id: 'act', label: t('rights.column.act'), width: 240 },
        ]}
        count={invitations.length}
        rowHeight={44}
        height={320}
        keyOf={(index) => invitations[index]?.id ?? index}
        cells={(index) => {
          const invitation = invitations[index]
          if (!invitation) return null
          const { email, role, expiresAt } = invitation
          return (
            <>
              <td>
                <External>{email}</External>
              </td>
              <td>{t(`rights.role.${role}`)}</td>
              <td>
                {expiresAt > now
                  ? t('rights.until', { moment: moment(locale, expiresAt) })
                  : t('rights.expired', { moment: moment(locale, expiresAt) })}
              </td>
              <td>
                {mayTouch(invitation) ? (
                  <span className={classes.acts}>
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={t('rights.resendTo', { email })}
                      onClick={() => void resend(invitation)}
                    >
                      {t('rights.resend')}
                    </Button>
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={t('rights.revokeOf', { email })}
                      onClick={() => void revoke(invitation)}
                    >
                      {t('rights.revoke')}
                    </Button>
                  </span>
                ) : null}
              </td>
            </>
          )
        }}
      />
    </div>
  )
}
