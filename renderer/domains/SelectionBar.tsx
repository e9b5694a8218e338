import { Button, Group, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { useKeys } from '../app/keys.ts'
import { awayNow } from '../app/store.ts'
import { Key } from '../parts/Key.tsx'
import { useApp, useDomains, useStores } from '../stores.ts'
import classes from './domains.module.css'
import { useRepairable } from './repairable.ts'
import { useSelectionSplit } from './selection-split.ts'

/** What can be done with the selection, and what it will do, before it does it. */
export function SelectionBar() {
  const { t } = useTranslation()
  const { jobs, domains } = useStores()
  const selection = useDomains((state) => state.selection)
  const reachable = useApp(awayNow) === null
  const repairable = useRepairable(selection)
  const { outside } = useSelectionSplit()
  const [asking, { open, close }] = useDisclosure(false)
  const check = () => void jobs.getState().start('check', [...selection])
  const canRepair = reachable && repairable.length > 0
  useKeys([
    ['r', () => selection.size > 0 && reachable && check()],
    ['f', () => canRepair && open()],
  ])
  if (selection.size === 0) return null
  return (
    <div className={classes.bar}>
      <strong role="status">
        {t('domains.selected', { count: selection.size })}
        {outside > 0 ? ` · ${t('domains.outside', { count: outside })}` : null}
      </strong>
      <Button size="compact-md" disabled={!reachable} onClick={check}>
        {t('domains.check')}
        <Key>R</Key>
      </Button>
      <Button
        size="compact-md"
        variant="default"
        disabled={!canRepair}
        aria-describedby="none-repairable"
        onClick={open}
      >
        {t('domains.repair', { count: repairable.length })}
        <Key>F</Key>
      </Button>
      {repairable.length === 0 ? (
        <span className={classes.quiet} id="none-repairable">
          {t('domains.noneRepairable')}
        </span>
      ) : null}
      {reachable ? null : <span className={classes.quiet}>{t('cannotCheck.offline')}</span>}
      <Button size="compact-md" variant="subtle" onClick={() => domains.getState().clear()}>
        {t('domains.clear')}
      </Button>
      <Modal
        opened={asking}
        onClose={close}
        title={t('jobs.confirmRepair', { count: repairable.length })}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        <p>{t('jobs.confirmRepairWhat')}</p>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('app.cancel')}
          </Button>
          <Button
            data-autofocus
            onClick={() => {
              close()
              void jobs.getState().start('repair', repairable)
            }}
          >
            {t('jobs.confirm')}
          </Button>
        </Group>
      </Modal>
    </div>
  )
}
