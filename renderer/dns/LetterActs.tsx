import { Button, Group, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { letterFormats } from '../../preload/dns-shapes.ts'
import { heldNow } from '../app/store.ts'
import { Confirm } from '../parts/Confirm.tsx'
import { visible } from '../parts/external-text.ts'
import { useApp, useLetter, useStores } from '../stores.ts'
import classes from './dns.module.css'

type Props = { to: string; maySend: boolean; confirming: boolean; setConfirming: (is: boolean) => void }

/** What can be done with the letter. It is sent only after a question that names whom it goes to. */
export function LetterActs({ to, maySend, confirming, setConfirming }: Props) {
  const { t } = useTranslation()
  const { letter: store } = useStores()
  const busy = useLetter((state) => state.busy)
  const isWritten = useLetter((state) => state.letter !== null && state.unwritten === null)
  const held = useApp(heldNow)
  const isConfigured = useLetter((state) => state.letter?.text.canSend ?? false)
  // What is held back for everybody for now is shown as such; it is no want of a right.
  const canSend = isConfigured && (maySend || held !== null)
  const { compose, send, copy, save } = store.getState()
  const blocked = !isWritten || busy !== null
  const cannotSend =
    held !== null ? t(`cannotChange.${held}`) : to.includes('@') ? null : t('dns.letter.toWhom')
  return (
    <>
      <Group gap="xs">
        <Button disabled={blocked} loading={busy === 'composing'} onClick={() => void compose()}>
          {t('mail.compose')}
        </Button>
        {canSend ? (
          <Button
            variant="default"
            disabled={blocked || cannotSend !== null}
            loading={busy === 'sending'}
            aria-describedby="cannot-send-letter"
            onClick={() => setConfirming(true)}
          >
            {t('dns.letter.send')}
          </Button>
        ) : null}
        <Menu
          position="bottom-end"
          withinPortal={false}
          withInitialFocusPlaceholder={false}
          middlewares={{ flip: true, shift: true, size: true }}
        >
          <Menu.Target>
            <Button
              variant="default"
              disabled={blocked}
              loading={busy === 'copying' || busy === 'saving'}
              rightSection={<IconChevronDown size={14} aria-hidden />}
            >
              {t('dns.letter.more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown style={{ overflowY: 'auto' }}>
            <Menu.Item onClick={() => void copy('text')}>{t('dns.letter.copy.text')}</Menu.Item>
            <Menu.Item onClick={() => void copy('markdown')}>{t('dns.letter.copy.markdown')}</Menu.Item>
            {letterFormats.map((format) => (
              <Menu.Item key={format} onClick={() => void save(format)}>
                {t(`dns.letter.save.${format}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Group>
      {canSend && cannotSend !== null ? (
        <p className={classes.quiet} id="cannot-send-letter">
          {cannotSend}
        </p>
      ) : null}
      <Confirm
        opened={confirming}
        close={() => setConfirming(false)}
        title={t('dns.letter.confirm', { to: visible(to) })}
        what={t('dns.letter.confirmWhat')}
        act={t('dns.letter.send')}
        confirm={() => void send()}
      />
    </>
  )
}
