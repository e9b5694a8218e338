import { Anchor, Button, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AliasRow } from '../../preload/mailbox-shapes.ts'
import type { Domain } from '../../preload/shapes.ts'
import { awayNow } from '../app/store.ts'
import { useAgo } from '../parts/Ages.tsx'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { usePaged } from '../parts/use-paged.ts'
import { VirtualTable } from '../parts/VirtualTable.tsx'
import { useRights } from '../rights/use-rights.ts'
import { useApp, useStores } from '../stores.ts'
import { AliasDialog } from './AliasDialog.tsx'
import classes from './aliases.module.css'
import { nameOf } from './destination.ts'
import { NewAlias } from './NewAlias.tsx'

/** The aliases of a domain, one row for each local part with all its destinations. */
export function AliasesTab({ domain, text: first = '' }: { domain: Domain; text?: string }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const { may } = useRights(domain.name)
  const away = useApp(awayNow)
  const ago = useAgo()
  const [text, setText] = useState(first)
  const [making, setMaking] = useState(false)
  const [open, setOpen] = useState<string | null>(null)
  const ask = { domain: domain.name, text, sort: 'alias', descending: false } as const
  const list = usePaged<AliasRow, { all: number | null; fetchedAt: number | null }>(
    JSON.stringify(ask),
    (offset, limit) => bridge['aliases.list']({ ...ask, offset, limit }),
  )
  const { again } = list
  useEffect(
    () =>
      bridge.on('mailboxes.changed', (what) => {
        if (what.domain === null || what.domain === domain.name) again()
      }),
    [bridge, domain.name, again],
  )
  const neverRead = list.head !== null && list.head.fetchedAt === null && away === null && may('domain.check')
  // A list never read cannot differ: it is taken up at once, and the table hears of it.
  useEffect(() => {
    if (neverRead) void bridge['drift.compare']({ domain: domain.name })
  }, [neverRead, bridge, domain.name])
  const chosen = [...list.rows.values()].find(({ localPart }) => localPart === open)
  const closed = domain.status === 'disabled' ? t('aliases.domainDisabled') : null
  const blocked = closed ?? (away === null ? null : t(`cannotChange.${away}`))
  return (
    <div className={classes.tab}>
      <div className={classes.tools}>
        <TextInput
          size="xs"
          w={260}
          type="search"
          aria-label={t('aliases.search')}
          placeholder={t('aliases.search')}
          leftSection={<IconSearch size={15} aria-hidden />}
          value={text}
          maxLength={320}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <span className={classes.quiet} role="status">
          {list.head === null ? t('domains.loading') : t('aliases.count', { count: list.total })}
        </span>
        <span className={classes.quiet}>
          {list.head?.fetchedAt ? t('aliases.listed', { ago: ago(list.head.fetchedAt) }) : null}
        </span>
        <span className={classes.grow} />
        {may('alias.change') ? (
          <Button
            size="compact-md"
            disabled={blocked !== null}
            title={blocked ?? undefined}
            onClick={() => setMaking(true)}
          >
            {t('aliases.new')}
          </Button>
        ) : null}
      </div>
      {list.failure ? <FailureCard failure={list.failure} /> : null}
      {list.head !== null && list.total === 0 ? (
        <p className={classes.empty}>
          {text.trim() !== ''
            ? t('aliases.noneFound')
            : list.head.fetchedAt === null
              ? t('aliases.neverRead')
              : t('aliases.none')}
        </p>
      ) : (
        <VirtualTable
          label={t('aliases.title')}
          columns={[
            { id: 'alias', label: t('aliases.column.alias'), width: '34%' },
            { id: 'destinations', label: t('aliases.column.destinations') },
            { id: 'count', label: t('aliases.column.count'), width: 90 },
          ]}
          count={list.total}
          rowHeight={38}
          height="calc(100vh - 358px)"
          keyOf={(index) => list.rows.get(index)?.localPart ?? index}
          shown={list.shown}
          cells={(index) => {
            const row = list.rows.get(index)
            if (!row) return null
            return (
              <>
                <td>
                  <Anchor component="button" size="sm" onClick={() => setOpen(row.localPart)}>
                    <External>{`${row.localPart}@${row.domain}`}</External>
                  </Anchor>
                  {row.isMailbox ? <span className={classes.also}>{t('aliases.isMailbox')}</span> : null}
                </td>
                <td className={classes.destinations}>
                  <External>
                    {row.destinations.map(({ destination }) => nameOf(destination, t)).join(', ')}
                  </External>
                </td>
                <td>{row.destinations.length}</td>
              </>
            )
          }}
        />
      )}
      {making ? <NewAlias domain={domain.name} close={() => setMaking(false)} /> : null}
      {chosen ? (
        <AliasDialog
          alias={chosen}
          blocked={blocked}
          mayChange={may('alias.change')}
          close={() => setOpen(null)}
        />
      ) : null}
    </div>
  )
}
