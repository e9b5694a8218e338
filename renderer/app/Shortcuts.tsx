import { Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { searchKey } from '../parts/platform.ts'
import { useStores } from '../stores.ts'
import classes from './app.module.css'
import { useKeys } from './keys.ts'

const keys = [
  [searchKey, 'palette'],
  ['/', 'filter'],
  ['J ↓', 'next'],
  ['K ↑', 'previous'],
  ['↵', 'enter'],
  ['X', 'select'],
  ['R', 'check'],
  ['⇧ R', 'checkAll'],
  ['F', 'repair'],
  ['D', 'askDns'],
  ['L', 'letter'],
  ['N', 'new'],
  ['Esc', 'back'],
  ['?', 'help'],
] as const

/** The sheet of keys, and the keys that mean the same everywhere. */
export function Shortcuts() {
  const { t } = useTranslation()
  const { app, jobs } = useStores()
  const [opened, { open, close }] = useDisclosure(false)
  function back() {
    const job = jobs.getState()
    if (job.open !== null || job.failure !== null) job.hide()
    else app.getState().back()
  }
  useKeys([
    ['?', open],
    ['Escape', back],
  ])
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('keys.title')}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <table className={classes.table}>
        <tbody>
          {keys.map(([key, meaning]) => (
            <tr key={meaning}>
              <td>
                <kbd>{key}</kbd>
              </td>
              <td>{t(`keys.${meaning}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  )
}
