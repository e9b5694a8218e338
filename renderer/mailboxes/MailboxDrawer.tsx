import { Drawer } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../preload/contract.ts'
import type { Failure } from '../../preload/failure.ts'
import type { MailboxRow } from '../../preload/mailbox-shapes.ts'
import type { JournalEntry } from '../../preload/shapes.ts'
import { heldNow } from '../app/store.ts'
import { sentenceOf } from '../i18n/index.ts'
import { Actor } from '../parts/Actor.tsx'
import { Ago, useAgo } from '../parts/Ages.tsx'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useApp, useStores } from '../stores.ts'
import { type Act, MailboxActs } from './MailboxActs.tsx'
import { MailboxMark, useActivity } from './MailboxMark.tsx'
import { MailboxNamesForm } from './MailboxNamesForm.tsx'
import classes from './mailboxes.module.css'
import { QuotaGauge } from './QuotaGauge.tsx'

type Props = {
  address: string
  mayChange: boolean
  /** Why nothing can be changed at dimail now. */
  blocked: string | null
  close: () => void
}

/** One mailbox: what is known of it, what can be changed, and what was done with it from here. */
export function MailboxDrawer({ address, mayChange, blocked, close }: Props) {
  const { t } = useTranslation()
  const { read, failure } = useMailbox(address)
  const [asking, setAsking] = useState<Act | null>(null)
  const held = useApp(heldNow)
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size={520}
      // A password that is shown once does not go with a click beside it.
      closeOnClickOutside={false}
      // Nor with the key that says no to a question.
      closeOnEscape={asking === null}
      title={<External>{address}</External>}
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {failure ? <FailureCard failure={failure} /> : null}
      {read === null ? (
        failure ? null : (
          <p>{t('domains.loading')}</p>
        )
      ) : (
        <>
          <Facts mailbox={read.mailbox} />
          {mayChange ? null : (
            <p className={classes.quiet}>
              {t(held === null ? 'mailboxes.readOnly' : `cannotChange.${held}`)}
            </p>
          )}
          {mayChange ? <MailboxActs {...{ mailbox: read.mailbox, blocked, asking, setAsking }} /> : null}
          <section className={classes.part} aria-label={t('mailbox.names')}>
            <h3>{t('mailbox.names')}</h3>
            <MailboxNamesForm
              key={formKey(read.mailbox)}
              mailbox={read.mailbox}
              mayChange={mayChange}
              blocked={blocked}
            />
          </section>
          <QuotaGauge address={address} />
          <Journal entries={read.journal} />
        </>
      )}
    </Drawer>
  )
}

/** What was typed stays until dimail has other names. */
const formKey = ({ givenName, surName, displayName, secondaryEmail, status }: MailboxRow) =>
  JSON.stringify([givenName, surName, displayName, secondaryEmail, status])

function useMailbox(address: string) {
  const { bridge } = useStores()
  const [read, setRead] = useState<Output<'mailboxes.read'> | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const again = useCallback(async () => {
    const reply = await bridge['mailboxes.read']({ address })
    setFailure(reply.ok ? null : reply.failure)
    if (reply.ok) setRead(reply.value)
  }, [bridge, address])
  useEffect(() => {
    void again()
    return bridge.on('mailboxes.changed', () => void again())
  }, [bridge, again])
  return { read, failure }
}

function Facts({ mailbox }: { mailbox: MailboxRow }) {
  const { t } = useTranslation()
  const ago = useAgo()
  const activity = useActivity()
  return (
    <dl className={classes.facts}>
      <dt>{t('mailboxes.column.status')}</dt>
      <dd>
        <MailboxMark status={mailbox.status} /> {t(`mailboxes.reason.${mailbox.reason}`)}
      </dd>
      <dt>{t('mailboxes.column.activity')}</dt>
      <dd>{activity(mailbox)}</dd>
      <dt>{t('mailboxes.column.kind')}</dt>
      <dd>
        {t(`mailboxes.kind.${mailbox.kind}`)} – {t(`mailboxes.kindMeans.${mailbox.kind}`)}
      </dd>
      <dt>{t('mailbox.read')}</dt>
      <dd>{ago(mailbox.fetchedAt)}</dd>
    </dl>
  )
}

function Journal({ entries }: { entries: readonly JournalEntry[] }) {
  const { t } = useTranslation()
  return (
    <section className={classes.part} aria-labelledby="mailbox-journal">
      <h3 id="mailbox-journal">{t('journal.title')}</h3>
      {entries.length === 0 ? <p className={classes.quiet}>{t('mailbox.noJournal')}</p> : null}
      <ul className={classes.list}>
        {entries.map(({ id, at, action, actor, actorName, state, failure }) => (
          <li key={id}>
            {t(`journal.action.${action}`)} · {t(`journal.state.${state}`)}
            {failure ? <div className={classes.quiet}>{sentenceOf(t, failure)}</div> : null}
            <div className={classes.quiet}>
              <Ago at={at} /> · <Actor name={actorName ?? actor} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
