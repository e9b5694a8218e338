import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reply } from '../../preload/contract.ts'
import type { Failure } from '../../preload/failure.ts'
import type { AliasRemoval, AliasRow } from '../../preload/mailbox-shapes.ts'
import { useAgo } from '../parts/Ages.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { tell } from '../parts/tell.ts'
import { useStores } from '../stores.ts'
import classes from './aliases.module.css'
import { nameOf } from './destination.ts'
import { NewAlias } from './NewAlias.tsx'

type Props = { alias: AliasRow; blocked: string | null; mayChange: boolean; close: () => void }

/** One alias: where it leads, to add to and to take from. */
export function AliasDialog({ alias, blocked, mayChange, close }: Props) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const ago = useAgo()
  const [asking, setAsking] = useState<string | 'all' | null>(null)
  const [adding, setAdding] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)
  const { domain, localPart } = alias
  const address = `${localPart}@${domain}`
  const destinations = alias.destinations.map(({ destination }) => destination)

  async function take(what: string) {
    setBusy(true)
    setFailure(null)
    const reply: Reply<AliasRemoval> =
      what === 'all'
        ? await bridge['aliases.removeAll']({ domain, localPart, destinations })
        : await bridge['aliases.remove']({ domain, localPart, destination: what })
    setBusy(false)
    if (!reply.ok) return setFailure(reply.failure)
    tell(t, t(`aliases.${reply.value.outcome}`, { alias: address }))
    if (what === 'all' || destinations.length === 1) close()
  }

  if (adding) return <NewAlias domain={domain} localPart={localPart} close={() => setAdding(false)} />
  // In place of the dialog: one upon the other, both would be read at once.
  if (asking !== null) {
    const whole = asking === 'all' || destinations.length === 1
    return (
      <Confirm
        severe
        opened
        close={() => setAsking(null)}
        title={t(asking === 'all' ? 'aliases.askAll' : 'aliases.askOne', { alias: address })}
        what={
          whole
            ? t('aliases.askAllWhat', { alias: address, count: destinations.length })
            : t('aliases.askOneWhat', { alias: address, destination: asking })
        }
        act={t(asking === 'all' ? 'aliases.removeAll' : 'aliases.remove')}
        confirm={() => void take(asking)}
      />
    )
  }
  return (
    <Modal
      opened
      onClose={close}
      title={<External>{address}</External>}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {alias.isMailbox ? <p className={classes.quiet}>{t('aliases.isMailboxWhat')}</p> : null}
      <ul className={classes.results} aria-label={t('aliases.destinations')}>
        {alias.destinations.map(({ destination, allowToSend, fetchedAt }) => (
          <li key={destination} className={classes.pair}>
            <span>
              <External>{nameOf(destination, t)}</External>
              <br />
              <span className={classes.quiet}>
                {allowToSend === true ? `${t('aliases.maySend')} · ` : null}
                {t('aliases.seen', { ago: ago(fetchedAt) })}
              </span>
            </span>
            {mayChange ? (
              <Button
                size="compact-xs"
                variant="default"
                disabled={blocked !== null || busy}
                title={blocked ?? undefined}
                aria-label={t('aliases.removeWhat', { destination })}
                onClick={() => setAsking(destination)}
              >
                {t('aliases.remove')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {failure ? <FailureCard failure={failure} /> : null}
      {mayChange ? (
        <Group justify="space-between" mt="md">
          <Button
            variant="default"
            color="red.7"
            disabled={blocked !== null || busy}
            title={blocked ?? undefined}
            onClick={() => setAsking('all')}
          >
            {t('aliases.removeAll')}
          </Button>
          <Button disabled={blocked !== null} title={blocked ?? undefined} onClick={() => setAdding(true)}>
            {t('aliases.add')}
          </Button>
        </Group>
      ) : null}
    </Modal>
  )
}
