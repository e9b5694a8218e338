import { Button, Select, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reply } from '../../preload/contract.ts'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import { type AccessRow, type Rights, roles } from '../../preload/people-shapes.ts'
import type { Domain } from '../../preload/shapes.ts'
import { MailNews } from '../mail/MailNews.tsx'
import { Actor } from '../parts/Actor.tsx'
import { useAgo } from '../parts/Ages.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { tell, tellFailure } from '../parts/tell.ts'
import { VirtualTable } from '../parts/VirtualTable.tsx'
import { useStores } from '../stores.ts'
import { Invitations } from './Invitations.tsx'
import { Invite } from './Invite.tsx'
import classes from './rights.module.css'
import { type Take, useRights } from './use-rights.ts'

/** Who may do what with a domain: the accesses, and the invitations still open. */
export function RightsTab({ domain }: { domain: Domain }) {
  const { t } = useTranslation()
  const { rights, failure, may, setRights } = useRights(domain.name)
  const [inviting, setInviting] = useState(false)
  const [mail, setMail] = useState<MailOutcome | null>(null)
  /** Every act answers with the rights as they now are. */
  function take(reply: Reply<Rights>): boolean {
    if (reply.ok) setRights(reply.value)
    else tellFailure(reply.failure)
    return reply.ok
  }
  if (failure) return <FailureCard failure={failure} />
  if (rights === null) return <p>{t('domains.loading')}</p>
  return (
    <div className={classes.tab}>
      <div className={classes.tools}>
        <p className={classes.quiet}>{t(`rights.mine.${rights.standing}`)}</p>
        {may('access.grant') ? (
          <Button size="compact-md" onClick={() => setInviting(true)}>
            {t('rights.give')}
          </Button>
        ) : null}
      </div>
      {mail ? <MailNews key={mail.id} domain={domain.name} outcome={mail} /> : null}
      <Accesses rights={rights} take={take} />
      <Invitations rights={rights} take={take} sent={setMail} />
      {inviting ? (
        <Invite
          rights={rights}
          close={() => setInviting(false)}
          given={(now, outcome) => {
            setRights(now)
            setMail(outcome)
          }}
        />
      ) : null}
    </div>
  )
}

function Accesses({ rights, take }: { rights: Rights; take: Take }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const ago = useAgo()
  const [leaving, setLeaving] = useState<AccessRow | null>(null)
  const { domain, accesses } = rights
  async function change(access: AccessRow, value: string | null) {
    const role = roles.find((one) => one === value)
    if (!role || role === access.role) return
    const reply = await bridge['accesses.change']({ domain, person: access.person, role })
    if (take(reply)) tell(t, t('rights.changed', { person: access.name, role: t(`rights.role.${role}`) }))
  }
  async function remove(access: AccessRow) {
    const reply = await bridge['accesses.remove']({ domain, person: access.person })
    if (take(reply)) tell(t, t('rights.removed', { person: access.name }))
  }
  return (
    <div>
      <Title order={2} className={classes.heading}>
        {t('rights.accesses', { count: accesses.length })}
      </Title>
      {accesses.length === 0 ? (
        <p className={classes.quiet}>{t('rights.none')}</p>
      ) : (
        <VirtualTable
          label={t('rights.accesses', { count: accesses.length })}
          columns={[
            { id: 'person', label: t('rights.column.person') },
            { id: 'role', label: t('rights.column.role'), width: 240 },
            { id: 'since', label: t('rights.column.since'), width: 220 },
            { id: 'act', label: t('rights.column.act'), width: 130 },
          ]}
          count={accesses.length}
          rowHeight={48}
          height={420}
          keyOf={(index) => accesses[index]?.person ?? index}
          cells={(index) => {
            const access = accesses[index]
            if (!access) return null
            const { person, name, email, role, mayBecome, mayRemove, lastOwner, by, at } = access
            const reached = email ?? person
            return (
              <>
                <td>
                  <External>{name}</External>
                  {name === reached ? null : (
                    <span className={classes.second}>
                      <External>{reached}</External>
                    </span>
                  )}
                </td>
                <td>
                  {mayBecome.length > 0 ? (
                    <Select
                      size="xs"
                      aria-label={t('rights.roleOf', { person: name })}
                      data={[...new Set([role, ...mayBecome])].map((value) => ({
                        value,
                        label: t(`rights.role.${value}`),
                      }))}
                      value={role}
                      allowDeselect={false}
                      onChange={(value) => void change(access, value)}
                    />
                  ) : (
                    <>
                      {t(`rights.role.${role}`)}
                      {lastOwner ? <span className={classes.second}>{t('rights.lastOwner')}</span> : null}
                    </>
                  )}
                </td>
                <td>
                  {ago(at)}
                  <span className={classes.second}>
                    {t('rights.by')} <Actor name={by} />
                  </span>
                </td>
                <td>
                  {mayRemove ? (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={t('rights.removeWho', { person: name })}
                      onClick={() => setLeaving(access)}
                    >
                      {t('rights.remove')}
                    </Button>
                  ) : null}
                </td>
              </>
            )
          }}
        />
      )}
      <Confirm
        severe
        opened={leaving !== null}
        close={() => setLeaving(null)}
        title={t('rights.removeAsk', { person: leaving?.name ?? '' })}
        what={t('rights.removeWhat', { person: leaving?.name ?? '', domain })}
        act={t('rights.remove')}
        confirm={() => leaving && void remove(leaving)}
      />
    </div>
  )
}
