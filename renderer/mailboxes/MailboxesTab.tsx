import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../preload/shapes.ts'
import { awayNow, heldNow } from '../app/store.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useRights } from '../rights/use-rights.ts'
import { useApp, useDrift, useMailboxes, useStores } from '../stores.ts'
import { CsvDialog } from './CsvDialog.tsx'
import { CsvPasswords } from './CsvPasswords.tsx'
import { DriftBanner } from './DriftBanner.tsx'
import { MailboxDrawer } from './MailboxDrawer.tsx'
import { MailboxSelectionBar } from './MailboxSelectionBar.tsx'
import { MailboxTable } from './MailboxTable.tsx'
import { MailboxTools } from './MailboxTools.tsx'
import classes from './mailboxes.module.css'
import { NewMailbox } from './NewMailbox.tsx'
import { WaitingCard } from './WaitingCard.tsx'

/** The mailboxes of a domain; `text`: what was looked for elsewhere. */
export function MailboxesTab({ domain, text }: { domain: Domain; text?: string }) {
  const { t } = useTranslation()
  const { mailboxes } = useStores()
  const { name } = domain
  const { rights, may } = useRights(name)
  const away = useApp(awayNow)
  const failure = useMailboxes((state) => state.failure)
  const [making, setMaking] = useState(false)
  const [bulk, setBulk] = useState(false)
  const [open, setOpen] = useState<string | null>(null)
  const held = useApp(heldNow)
  const mayChange = may('mailbox.change')
  const offline = away === null ? null : t(`cannotChange.${away}`)
  const closed = domain.status === 'disabled' ? t('mailboxes.domainDisabled') : null
  // A mailbox of a domain that does not work yet is kept here: dimail need not answer.
  const cannotCreate = closed ?? (domain.status === 'enabled' ? offline : null)

  useEffect(() => {
    void mailboxes.getState().open(name, text)
  }, [name, text, mailboxes])
  useFreshList(name, may('domain.check'))
  return (
    <div className={classes.tab}>
      {rights !== null && !mayChange ? (
        <p className={classes.quiet}>
          {t(held === null ? 'mailboxes.readOnly' : `cannotChange.${held}`)}{' '}
          {rights.standing === 'none' ? null : t(`rights.mine.${rights.standing}`)}
        </p>
      ) : null}
      <DriftBanner domain={name} mayImport={mayChange} />
      <WaitingCard domain={domain} offline={offline} mayChange={mayChange} />
      <CsvPasswords domain={name} />
      <MailboxTools
        domain={name}
        cannotCreate={cannotCreate}
        away={offline}
        mayChange={mayChange}
        mayCompare={may('domain.check')}
        create={() => setMaking(true)}
        fromCsv={() => setBulk(true)}
      />
      {failure ? <FailureCard failure={failure} /> : <List open={setOpen} />}
      {mayChange ? <MailboxSelectionBar blocked={closed ?? offline} /> : null}
      {making ? <NewMailbox domain={domain} close={() => setMaking(false)} /> : null}
      {bulk ? <CsvDialog domain={domain} offline={offline} close={() => setBulk(false)} /> : null}
      {open === null ? null : (
        <MailboxDrawer
          key={open}
          address={open}
          mayChange={mayChange}
          blocked={closed ?? offline}
          close={() => setOpen(null)}
        />
      )}
    </div>
  )
}

/** A list that is old, or was never read, is compared with dimail's as soon as dimail can be asked. */
function useFreshList(domain: string, mayCompare: boolean): void {
  const { drift } = useStores()
  const away = useApp(awayNow)
  const isRead = useMailboxes((state) => state.domain === domain && state.status === 'ready')
  const fetchedAt = useMailboxes((state) => state.fetchedAt)
  useEffect(() => {
    if (isRead && mayCompare && away === null) void drift.getState().refresh(domain, fetchedAt, Date.now())
  }, [isRead, mayCompare, away, domain, fetchedAt, drift])
}

function List({ open }: { open: (address: string) => void }) {
  const { t } = useTranslation()
  const { mailboxes } = useStores()
  const status = useMailboxes((state) => state.status)
  const total = useMailboxes((state) => state.total)
  const all = useMailboxes((state) => state.all)
  const fetchedAt = useMailboxes((state) => state.fetchedAt)
  const comparing = useDrift((state) => state.comparing)
  if (status !== 'ready' || total > 0) return <MailboxTable open={open} />
  const filtered = all !== null && all > 0
  return (
    <div className={classes.empty}>
      <p role="status">
        {filtered
          ? t('mailboxes.noneFound')
          : fetchedAt !== null
            ? t('mailboxes.none')
            : t(comparing ? 'mailboxes.reading' : 'mailboxes.neverRead')}
      </p>
      {filtered ? (
        <Button variant="default" onClick={() => void mailboxes.getState().change({ text: '', show: 'all' })}>
          {t('domains.showAll')}
        </Button>
      ) : null}
    </div>
  )
}
