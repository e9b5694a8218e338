import { Button, Menu } from '@mantine/core'
import { IconUser } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Person } from '../../preload/people-shapes.ts'
import type { Session } from '../../preload/session-shapes.ts'
import { useAgo } from '../parts/Ages.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { External } from '../parts/External.tsx'
import { visible } from '../parts/external-text.ts'
import { useApp, useStores } from '../stores.ts'
import classes from './session.module.css'

/** Who is at this console, how that is known, and how to leave. */
export function SessionMenu() {
  const { t } = useTranslation()
  const session = useApp((state) => state.session)
  const [leaving, setLeaving] = useState<'sign-out' | 'other' | null>(null)
  if (!session?.person) return null
  const { person } = session
  return (
    <>
      <Menu position="bottom-end" width={340} withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconUser size={15} aria-hidden />}
            aria-label={t('session.label', { name: visible(person.name) })}
          >
            <span className={classes.name}>{visible(person.name)}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Who person={person} session={session} />
          <RightsItem session={session} />
          {session.by === 'provider' ? (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => setLeaving('other')}>{t('session.another')}</Menu.Item>
              <Menu.Item onClick={() => setLeaving('sign-out')}>{t('session.signOut')}</Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <LeaveDialog leaving={leaving} close={() => setLeaving(null)} />
    </>
  )
}

function Who({ person, session: { by, state } }: { person: Person; session: Session }) {
  const { t } = useTranslation()
  return (
    // Of no role of their own: a menu holds nothing but its items.
    <div className={classes.who}>
      <div className={classes.whose}>
        <External>{person.name}</External>
      </div>
      {person.email === null || person.email === person.name ? null : (
        <div>
          <External>{person.email}</External>
        </div>
      )}
      <div className={classes.quiet}>
        {by === 'account'
          ? t('session.byAccount')
          : t(state === 'signed-in' ? 'session.byProvider' : 'session.byEarlier')}{' '}
        {t(person.support ? 'session.support' : 'session.entitled')}
      </div>
    </div>
  )
}

/** The latest reading of rights, and the way to what it said. */
function RightsItem({ session: { by, plan } }: { session: Session }) {
  const { t } = useTranslation()
  const { app } = useStores()
  const ago = useAgo()
  const backend = useApp((state) => state.app?.profile?.entitlements.backend)
  if (by === 'account' || backend !== 'deploycenter') return null
  return (
    <Menu.Item onClick={() => app.getState().go({ view: 'settings', section: 'rights' })}>
      {t('session.rights')}
      <br />
      <small>
        {plan === null ? t('session.rightsNever') : t('session.rightsRead', { ago: ago(plan.at) })}
      </small>
    </Menu.Item>
  )
}

function LeaveDialog({ leaving, close }: { leaving: 'sign-out' | 'other' | null; close: () => void }) {
  const { t } = useTranslation()
  const { app } = useStores()
  async function leave(andReturn: boolean) {
    if ((await app.getState().signOut()) && andReturn) await app.getState().signIn()
  }
  const other = leaving === 'other'
  return (
    <Confirm
      opened={leaving !== null}
      close={close}
      title={t(other ? 'session.anotherAsk' : 'session.signOutAsk')}
      what={
        <>
          <p>{t('session.signOutWhat')}</p>
          {other ? <p>{t('session.anotherWhat')}</p> : null}
        </>
      }
      act={t(other ? 'session.another' : 'session.signOut')}
      confirm={() => void leave(other)}
    />
  )
}
