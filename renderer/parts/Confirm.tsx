import { Button, Group, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

type Props = {
  title: string
  /** What it will change, and for whom: said before. */
  what: ReactNode
  act: string
  /** It takes something away: the way back has the focus. */
  severe?: boolean
  opened: boolean
  close: () => void
  confirm: () => unknown
}

/** Asks before an act with a consequence. */
export function Confirm({ title, what, act, severe = false, opened, close, confirm }: Props) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {typeof what === 'string' ? <p>{what}</p> : what}
      <Group justify="flex-end" mt="md">
        <Button variant="default" {...(severe ? { 'data-autofocus': true } : {})} onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button
          {...(severe ? { color: 'red.7' } : { 'data-autofocus': true })}
          onClick={() => {
            close()
            confirm()
          }}
        >
          {act}
        </Button>
      </Group>
    </Modal>
  )
}
