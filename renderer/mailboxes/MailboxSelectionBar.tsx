import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Confirm } from '../parts/Confirm.tsx'
import { useMailboxes, useStores } from '../stores.ts'
import classes from './mailboxes.module.css'
import { useMailboxSplit } from './selection-split.ts'

/** What can be done with the selection, and what it will do, before it does it. */
export function MailboxSelectionBar({ blocked }: { blocked: string | null }) {
  const { t } = useTranslation()
  const { jobs, mailboxes } = useStores()
  const selection = useMailboxes((state) => state.selection)
  const total = useMailboxes((state) => state.total)
  const { inside, outside } = useMailboxSplit()
  const [asking, setAsking] = useState<'enable' | 'disable' | null>(null)
  if (selection.size === 0) return null
  const count = selection.size
  return (
    <div className={classes.bar}>
      <strong role="status">
        {t('mailboxes.selected', { count })}
        {outside > 0 ? ` · ${t('mailboxes.outside', { count: outside })}` : null}
      </strong>
      {inside < total ? (
        <Button size="compact-md" variant="subtle" onClick={() => void mailboxes.getState().toggleAll()}>
          {t('mailboxes.selectMatching', { count: total })}
        </Button>
      ) : null}
      {(['enable', 'disable'] as const).map((act) => (
        <Button
          key={act}
          size="compact-md"
          variant="default"
          disabled={blocked !== null}
          aria-describedby="cannot-change"
          onClick={() => setAsking(act)}
        >
          {t(`mailboxes.act.${act}`)}
        </Button>
      ))}
      <span className={classes.quiet} id="cannot-change">
        {blocked}
      </span>
      <Button size="compact-md" variant="subtle" onClick={() => mailboxes.getState().clear()}>
        {t('domains.clear')}
      </Button>
      <Confirm
        opened={asking === 'enable'}
        close={() => setAsking(null)}
        title={t('mailboxes.askEnable', { count })}
        what={t('mailboxes.enableWhat')}
        act={t('mailboxes.act.enable')}
        confirm={() => jobs.getState().start('enable-mailboxes', [...selection])}
      />
      <Confirm
        severe
        opened={asking === 'disable'}
        close={() => setAsking(null)}
        title={t('mailboxes.askDisable', { count })}
        what={t('mailboxes.disableWhat')}
        act={t('mailboxes.act.disable')}
        confirm={() => jobs.getState().start('disable-mailboxes', [...selection])}
      />
    </div>
  )
}
