import { Button, Modal } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Creation, WaitingMailbox } from '../../preload/mailbox-shapes.ts'
import type { Domain } from '../../preload/shapes.ts'
import { sentenceOf } from '../i18n/index.ts'
import { Confirm } from '../parts/Confirm.tsx'
import { External } from '../parts/External.tsx'
import { visible } from '../parts/external-text.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { tell, tellFailure } from '../parts/tell.ts'
import { usePaged } from '../parts/use-paged.ts'
import { VirtualTable } from '../parts/VirtualTable.tsx'
import { useStores } from '../stores.ts'
import { EditWaiting } from './EditWaiting.tsx'
import { WaitingMark } from './MailboxMark.tsx'
import classes from './mailboxes.module.css'
import { OneTimePassword } from './OneTime.tsx'
import { TellPasswords } from './TellPasswords.tsx'

type Props = { domain: Domain; offline: string | null; mayChange: boolean }
type Act = 'edit' | 'again' | 'remove'

/** The mailboxes that are not at dimail yet: why, and what can be done with each. */
export function WaitingCard({ domain, offline, mayChange }: Props) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const list = usePaged<WaitingMailbox, { passwords: number }>(domain.name, (offset, limit) =>
    bridge['mailboxes.waiting']({ domain: domain.name, offset, limit }),
  )
  const { again } = list
  const [editing, setEditing] = useState<WaitingMailbox | null>(null)
  const [removing, setRemoving] = useState<WaitingMailbox | null>(null)
  const [sending, setSending] = useState<string | null>(null)
  const [made, setMade] = useState<Extract<Creation, { outcome: 'created' }> | null>(null)
  useEffect(
    () =>
      bridge.on('mailboxes.changed', (what) => {
        if (what.domain === null || what.domain === domain.name) again()
      }),
    [bridge, domain.name, again],
  )

  async function send({ id }: WaitingMailbox) {
    setSending(id)
    const reply = await bridge['mailboxes.retry']({ domain: domain.name, id })
    setSending(null)
    if (!reply.ok) tellFailure(reply.failure)
    else if (reply.value.outcome === 'created') setMade(reply.value)
    else tell(t, t('waiting.keptAgain'))
  }
  async function remove({ id }: WaitingMailbox) {
    const reply = await bridge['mailboxes.remove']({ domain: domain.name, id })
    if (reply.ok) tell(t, t('waiting.removed', { address: visible(id) }))
    else tellFailure(reply.failure)
  }
  const act = (what: Act, row: WaitingMailbox) => {
    if (what === 'again') void send(row)
    else (what === 'edit' ? setEditing : setRemoving)(row)
  }
  const cannotSend = domain.status === 'enabled' ? offline : t('waiting.notEnabled')
  const dialogs = (
    <>
      <TellPasswords
        count={mayChange ? (list.head?.passwords ?? 0) : 0}
        take={() => bridge['mailboxes.passwords']({ domain: domain.name })}
        told={again}
      />
      {editing ? <EditWaiting mailbox={editing} close={() => setEditing(null)} /> : null}
      <Confirm
        severe
        opened={removing !== null}
        close={() => setRemoving(null)}
        title={t('waiting.askRemove', { address: visible(removing?.id ?? '') })}
        what={t('waiting.removeWhat')}
        act={t('waiting.remove')}
        confirm={() => removing && void remove(removing)}
      />
      {made ? (
        <Modal
          opened
          onClose={() => setMade(null)}
          closeOnClickOutside={false}
          title={t('mailbox.created')}
          closeButtonProps={{ 'aria-label': t('app.close') }}
        >
          <OneTimePassword made={made} said={t('mailbox.createdSaid')} />
        </Modal>
      ) : null}
    </>
  )
  if (list.failure) return <FailureCard failure={list.failure} />
  if (list.total === 0) return dialogs
  return (
    <section className={classes.card} aria-labelledby="waiting-title">
      <header>
        <h2 id="waiting-title">{t('waiting.title', { count: list.total })}</h2>
        <span className={classes.quiet}>{t(`waiting.because.${domain.status}`)}</span>
      </header>
      <div className={classes.inCard}>
        <VirtualTable
          label={t('waiting.list')}
          columns={[
            { id: 'address', label: t('mailboxes.column.address'), width: '30%' },
            { id: 'person', label: t('mailboxes.column.person'), width: '18%' },
            { id: 'state', label: t('mailboxes.column.status') },
            ...(mayChange ? [{ id: 'acts', label: t('waiting.acts'), width: 300 }] : []),
          ]}
          count={list.total}
          rowHeight={58}
          height={250}
          keyOf={(index) => list.rows.get(index)?.id ?? index}
          shown={list.shown}
          cells={(index) => {
            const row = list.rows.get(index)
            return row ? (
              <Cells
                row={row}
                cannotSend={cannotSend}
                sending={sending === row.id}
                act={mayChange ? act : null}
              />
            ) : null
          }}
        />
      </div>
      {dialogs}
    </section>
  )
}

type CellsProps = {
  row: WaitingMailbox
  cannotSend: string | null
  sending: boolean
  act: ((what: Act, row: WaitingMailbox) => void) | null
}

function Cells({ row, cannotSend, sending, act }: CellsProps) {
  const { t } = useTranslation()
  const address = visible(row.id)
  const why = row.failure ? sentenceOf(t, row.failure) : t(`waiting.means.${row.state}`)
  const onWire = row.state === 'sending' || sending
  return (
    <>
      <td className={classes.cell} title={address}>
        <External>{row.id}</External>
      </td>
      <td className={classes.cell} title={visible(row.displayName)}>
        <External>{row.displayName}</External>
      </td>
      <td title={why}>
        <WaitingMark state={row.state} />
        <span className={classes.lines}>{why}</span>
      </td>
      {act === null ? null : (
        <td>
          <div className={classes.acts}>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t('waiting.editOf', { address })}
              disabled={onWire}
              onClick={() => act('edit', row)}
            >
              {t('waiting.edit')}
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t('waiting.againOf', { address })}
              title={cannotSend ?? undefined}
              disabled={cannotSend !== null || onWire}
              loading={sending}
              onClick={() => act('again', row)}
            >
              {t('waiting.again')}
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t('waiting.removeOf', { address })}
              disabled={onWire}
              onClick={() => act('remove', row)}
            >
              {t('waiting.remove')}
            </Button>
          </div>
        </td>
      )}
    </>
  )
}
