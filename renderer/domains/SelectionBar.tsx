import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { useKeys } from '../app/keys.ts'
import { awayNow, heldNow } from '../app/store.ts'
import { ConfirmRepair } from '../parts/ConfirmRepair.tsx'
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
  const away = useApp(awayNow)
  const held = useApp(heldNow)
  const repairable = useRepairable(selection)
  const { outside } = useSelectionSplit()
  const [asking, { open, close }] = useDisclosure(false)
  const proven = useApp(({ session }) => session?.state === 'signed-in')
  const check = () => void jobs.getState().start('check', [...selection])
  const diagnose = () => void jobs.getState().start('diagnose', [...selection])
  const blocked = away ?? held ?? (repairable.length === 0 ? 'selection' : null)
  useKeys([
    ['r', () => selection.size > 0 && away === null && check()],
    ['d', () => selection.size > 0 && proven && diagnose()],
    ['f', () => selection.size > 0 && blocked === null && open()],
  ])
  if (selection.size === 0) return null
  return (
    <div className={classes.bar}>
      <strong role="status">
        {t('domains.selected', { count: selection.size })}
        {outside > 0 ? ` · ${t('domains.outside', { count: outside })}` : null}
      </strong>
      <Button size="compact-md" disabled={away !== null} aria-describedby="cannot-check" onClick={check}>
        {t('domains.check')}
        <Key>R</Key>
      </Button>
      <Button size="compact-md" variant="default" disabled={!proven} onClick={diagnose}>
        {t('domains.askDns')}
        <Key>D</Key>
      </Button>
      <Button
        size="compact-md"
        variant="default"
        disabled={blocked !== null}
        aria-describedby="cannot-repair"
        onClick={open}
      >
        {t('domains.repair', { count: repairable.length })}
        <Key>F</Key>
      </Button>
      <span className={classes.quiet}>
        <span id="cannot-check">{away === null ? null : t(`cannotCheck.${away}`)}</span>
        {/* What keeps from checking keeps from repairing: it is shown once, and read aloud for each button. */}
        <span id="cannot-repair" hidden={away !== null}>
          {blocked === null ? null : t(`cannotRepair.${blocked}`)}
        </span>
      </span>
      <Button size="compact-md" variant="subtle" onClick={() => domains.getState().clear()}>
        {t('domains.clear')}
      </Button>
      <ConfirmRepair
        title={t('jobs.confirmRepair', { count: repairable.length })}
        what={t('jobs.confirmRepairWhat')}
        opened={asking}
        close={close}
        repair={() => jobs.getState().start('repair', repairable)}
      />
    </div>
  )
}
