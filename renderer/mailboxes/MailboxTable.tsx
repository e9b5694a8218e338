import { Checkbox, UnstyledButton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { MailboxQuery } from '../../preload/mailbox-shapes.ts'
import { useKeys } from '../app/keys.ts'
import { Arrow, Gap } from '../parts/table.tsx'
import { useMailboxes, useStores } from '../stores.ts'
import { MailboxTableRow } from './MailboxTableRow.tsx'
import classes from './mailboxes.module.css'
import { useMailboxSplit } from './selection-split.ts'

const rowHeight = 46

const columns = [
  { id: 'address', sort: 'address', width: undefined },
  { id: 'person', sort: 'person', width: 185 },
  { id: 'status', sort: 'status', width: 212 },
  { id: 'activity', sort: null, width: 165 },
  { id: 'kind', sort: 'kind', width: 120 },
  { id: 'secondary', sort: 'secondary', width: 135 },
] as const satisfies { id: string; sort: MailboxQuery['sort'] | null; width: number | undefined }[]
const isFigure = (id: string) => id === 'activity' || id === 'secondary'

/** The mailboxes of a domain, virtual: only the rows in sight are in the page. */
export function MailboxTable({ open }: { open: (address: string) => void }) {
  const { t } = useTranslation()
  const { mailboxes, bridge } = useStores()
  const total = useMailboxes((state) => state.total)
  const rows = useMailboxes((state) => state.rows)
  const status = useMailboxes((state) => state.status)
  const active = useMailboxes((state) => state.active)
  const tellsSmtp = [...rows.values()].some(({ smtp }) => smtp !== null)
  const scroll = useRef<HTMLDivElement>(null)
  /** The row that is to take the focus. */
  const wanted = useRef<number | null>(null)
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: rowHeight,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]
  const last = items.at(-1)

  // biome-ignore lint/correctness/useExhaustiveDependencies: other `rows` may leave holes in the same range.
  useEffect(() => {
    if (first && last) mailboxes.getState().show(first.index, last.index)
  }, [first, last, rows, mailboxes])
  useEffect(() => {
    if (status === 'ready') void bridge['app.painted']({ view: 'mailboxes', rows: rows.size })
  }, [rows, status, bridge])

  function move(to: number) {
    mailboxes.getState().activate(to)
    const index = mailboxes.getState().active
    virtual.scrollToIndex(index)
    wanted.current = index
  }
  // The row may come to the page only some frames after the scrolling.
  useEffect(() => {
    if (wanted.current === null) return
    const row = scroll.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"] button`)
    if (!row) return
    row.focus()
    wanted.current = null
  })
  /** Acts on the row that holds the focus, else on the one that last did. */
  const withCurrent = (act: (address: string) => void) => () => {
    const focused = document.activeElement?.closest<HTMLElement>('tr[data-index]')
    const row = rows.get(focused ? Number(focused.dataset.index) : active)
    if (row) act(row.address)
  }
  useKeys([
    ['j ArrowDown', () => move(active + 1)],
    ['k ArrowUp', () => move(active - 1)],
    ['Home', () => move(0)],
    ['End', () => move(total - 1)],
    ['x', withCurrent((address) => mailboxes.getState().toggle(address))],
    ['o', withCurrent(open)],
  ])
  return (
    <div className={classes.scroll} ref={scroll}>
      <table className={classes.table} aria-rowcount={total + 1} aria-label={t('mailboxes.title')}>
        <Head tellsSmtp={tellsSmtp} />
        <tbody>
          <Gap height={first?.start ?? 0} />
          {items.map(({ index }) => (
            <MailboxTableRow
              key={rows.get(index)?.address ?? index}
              index={index}
              row={rows.get(index)}
              active={index === active}
              tellsSmtp={tellsSmtp}
              open={open}
            />
          ))}
          <Gap height={virtual.getTotalSize() - (last?.end ?? 0)} />
        </tbody>
      </table>
    </div>
  )
}

function Head({ tellsSmtp }: { tellsSmtp: boolean }) {
  const { t } = useTranslation()
  const { mailboxes } = useStores()
  const { sort, descending } = useMailboxes((state) => state.view)
  const selected = useMailboxSplit().inside
  const total = useMailboxes((state) => state.total)
  const sortBy = (by: MailboxQuery['sort']) =>
    void mailboxes.getState().change({ sort: by, descending: by === sort ? !descending : false })
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" style={{ width: 44 }}>
          <Checkbox
            size="xs"
            aria-label={t('mailboxes.selectAll')}
            checked={selected > 0 && selected >= total}
            indeterminate={selected > 0 && selected < total}
            onChange={() => void mailboxes.getState().toggleAll()}
          />
        </th>
        {columns.map(({ id, sort: by, width }) =>
          id === 'activity' && !tellsSmtp ? null : (
            <th
              key={id}
              scope="col"
              style={{ width }}
              className={isFigure(id) ? classes.figure : undefined}
              {...(by === sort ? { 'aria-sort': descending ? 'descending' : 'ascending' } : {})}
            >
              {by === null ? (
                <span className={classes.sort}>{t(`mailboxes.column.${id}`)}</span>
              ) : (
                <UnstyledButton className={classes.sort} data-active={by === sort} onClick={() => sortBy(by)}>
                  {t(`mailboxes.column.${id}`)}
                  {by === sort ? <Arrow descending={descending} /> : null}
                </UnstyledButton>
              )}
            </th>
          ),
        )}
      </tr>
    </thead>
  )
}
