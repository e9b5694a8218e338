import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output, Reply } from '../../preload/contract.ts'
import { tellFailure } from '../parts/tell.ts'
import { useStores } from '../stores.ts'
import classes from './mailboxes.module.css'

type Passwords = Output<'csv.passwords'>
type Props = {
  /** How many are to be told; null: not known. */
  count: number | null
  take: () => Promise<Reply<Passwords>>
  /** They have been told: nothing is left to ask for. */
  told?: () => void
}

/** The passwords of mailboxes that were made while nobody looked: told once, when the agent is ready for them. */
export function TellPasswords({ count, take, told }: Props) {
  const { t } = useTranslation()
  const [passwords, setPasswords] = useState<Passwords | null>(null)
  async function show() {
    const reply = await take()
    if (reply.ok) setPasswords(reply.value)
    else tellFailure(reply.failure)
  }
  function close() {
    setPasswords(null)
    told?.()
  }
  if (passwords !== null) return <Panel passwords={passwords} close={close} />
  if (count === 0) return null
  return (
    <div className={classes.banner} data-tone="warn">
      <span>
        {count === null ? t('csv.passwordsReady') : t('csv.passwordsWaiting', { count })}{' '}
        {t('csv.passwordsWhat')}
      </span>
      <Button size="compact-sm" onClick={() => void show()}>
        {t('csv.showPasswords')}
      </Button>
    </div>
  )
}

function Panel({ passwords, close }: { passwords: Passwords; close: () => void }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [copied, setCopied] = useState(false)
  const text = passwords.map(({ address, password }) => `${address}\t${password}`).join('\n')
  async function copy() {
    // What the clipboard takes at once is limited: many are copied in parts by hand.
    const reply = await bridge['clipboard.write']({ text, secret: true })
    setCopied(reply.ok)
    if (!reply.ok) tellFailure(reply.failure)
  }
  return (
    <Modal
      opened
      size="lg"
      onClose={close}
      closeOnClickOutside={false}
      title={t('csv.passwords', { count: passwords.length })}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {passwords.length === 0 ? (
        <p>{t('csv.noPasswords')}</p>
      ) : (
        <>
          <p>
            <strong>{t('csv.passwordsOnce')}</strong>
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard. */}
          <pre className={classes.secrets} tabIndex={0} data-own-keys>
            {text}
          </pre>
        </>
      )}
      <Group justify="flex-end">
        {passwords.length === 0 ? null : (
          <Button variant="default" onClick={() => void copy()}>
            {t(copied ? 'app.copied' : 'csv.copyAll')}
          </Button>
        )}
        <Button onClick={close}>{t('app.close')}</Button>
      </Group>
    </Modal>
  )
}
