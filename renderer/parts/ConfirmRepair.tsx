import { Button, Group, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'

type Props = { title: string; what: string; opened: boolean; close: () => void; repair: () => unknown }

/** A repair changes things at dimail: what it will do is said before, for one domain as for many. */
export function ConfirmRepair({ title, what, opened, close, repair }: Props) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <p>{what}</p>
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button
          data-autofocus
          onClick={() => {
            close()
            repair()
          }}
        >
          {t('domain.repair')}
        </Button>
      </Group>
    </Modal>
  )
}
