import { Button, Menu } from '@mantine/core'
import { IconUser } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { visible } from '../parts/external-text.ts'
import { useApp, useStores } from '../stores.ts'

/** Who is at this console; in the sandbox, as whom one may try it. */
export function SessionMenu() {
  const { t } = useTranslation()
  const { app } = useStores()
  const session = useApp((state) => state.session)
  if (session === null || session.people.length === 0) return null
  const { person, people } = session
  const shown = person.support ? t('session.staff') : visible(person.name)
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconUser size={15} aria-hidden />}
          aria-label={t('session.label', { name: shown })}
        >
          {shown}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('session.become')}</Menu.Label>
        {people.map(({ id, name, support }) => (
          <Menu.Item key={id} disabled={id === person.id} onClick={() => void app.getState().become(id)}>
            {support ? t('session.staff') : visible(name)}
            <br />
            <small>{support ? t('session.support') : visible(id)}</small>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
