import { Button, Checkbox, UnstyledButton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { DomainQuery, DomainRow } from '../../preload/shapes.ts'
import { useKeys } from '../app/keys.ts'
import { awayNow } from '../app/store.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { Arrow, Gap } from '../parts/table.tsx'
import { useApp, useDomains, useStores } from '../stores.ts'
import { DomainTableRow } from './DomainTableRow.tsx'
import classes from './domains.module.css'
import { useSelectionSplit } from './selection-split.ts'

const rowHeight = 36

const columns = [
  { id: 'name', sort: 'name', width: 240 },
  { id: 'urgency', sort: 'urgency', width: 148 },
  { id: 'failing', sort: null, width: undefined },
  { id: 'since', sort: 'since', width: 105 },
  { id: 'checked', sort: 'checked', width: 125 },
  { id: 'mailboxes', sort: 'mailboxes', width: 80 },
] as const satisfies { id: string; sort: DomainQuery['sort'] | null; width: number | string | undefined }[]

const columnClass: { [id in (typeof columns)[number]['id']]?: string | undefined } = {
  checked: classes.figure,
  mailboxes: `${classes.number} ${classes.figure}`,
}

/** The fleet, virtual: only the rows in sight are in the page, whatever the size of the fleet. */
export function DomainsTable() {
  const { t } = useTranslation()
  const { domains, app, bridge } = useStores()
  const total = useDomains((state) => state.total)
  const rows = useDomains((state) => state.rows)
  const status = useDomains((state) => state.status)
  const failure = useDomains((state) => state.failure)
  const active = useDomains((state) => state.active)
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
    if (first && last) domains.getState().show(first.index, last.index)
  }, [first, last, rows, domains])
  useEffect(() => {
    if (status === 'ready') void bridge['app.painted']({ view: 'domains', rows: rows.size })
  }, [rows, status, bridge])

  function move(to: number) {
    domains.getState().activate(to)
    const index = domains.getState().active
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
  const back = useApp(({ place }) => (place.view === 'domains' ? place.back : undefined))
  useEffect(() => {
    if (back === undefined) return
    const state = domains.getState()
    const index = [...state.rows].find(([, row]) => row.name === back)?.[0] ?? state.active
    virtual.scrollToIndex(index)
    wanted.current = index
  }, [back, domains, virtual])
  /** The row that holds the focus, else the one that last did. */
  function current(): DomainRow | undefined {
    const focused = document.activeElement?.closest<HTMLElement>('tr[data-index]')
    return rows.get(focused ? Number(focused.dataset.index) : active)
  }
  const withCurrent = (act: (name: string) => void) => () => {
    const row = current()
    if (row) act(row.name)
  }
  useKeys([
    ['j ArrowDown', () => move(active + 1)],
    ['k ArrowUp', () => move(active - 1)],
    ['Home', () => move(0)],
    ['End', () => move(total - 1)],
    ['x', withCurrent((name) => domains.getState().toggle(name))],
    ['o', withCurrent((name) => app.getState().go({ view: 'domain', name }))],
  ])

  if (failure) return <FailureCard failure={failure} />
  if (status === 'ready' && total === 0) return <Empty />
  return (
    <div className={classes.scroll} ref={scroll}>
      <table className={classes.table} aria-rowcount={total + 1}>
        <Head />
        <tbody>
          <Gap height={first?.start ?? 0} />
          {items.map(({ index }) => (
            <DomainTableRow
              key={rows.get(index)?.name ?? index}
              index={index}
              row={rows.get(index)}
              active={index === active}
            />
          ))}
          <Gap height={virtual.getTotalSize() - (last?.end ?? 0)} />
        </tbody>
      </table>
      {status === 'loading' ? <p className={classes.empty}>{t('domains.loading')}</p> : null}
    </div>
  )
}

function Head() {
  const { t } = useTranslation()
  const { domains } = useStores()
  const { sort, descending } = useDomains((state) => state.view)
  const selected = useSelectionSplit().inside
  const total = useDomains((state) => state.total)
  const sortBy = (by: DomainQuery['sort']) =>
    void domains.getState().change({ sort: by, descending: by === sort ? !descending : false })
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" style={{ width: 44 }}>
          <Checkbox
            size="xs"
            aria-label={t('domains.selectAll')}
            checked={selected > 0 && selected >= total}
            indeterminate={selected > 0 && selected < total}
            onChange={() => void domains.getState().toggleAll()}
          />
        </th>
        {columns.map(({ id, sort: by, width }) => (
          <th
            key={id}
            scope="col"
            style={{ width }}
            className={columnClass[id]}
            {...(by === sort ? { 'aria-sort': descending ? 'descending' : 'ascending' } : {})}
          >
            {by === null ? (
              <span className={classes.sort}>{t(`domains.column.${id}`)}</span>
            ) : (
              <UnstyledButton
                className={classes.sort}
                data-active={by === sort}
                title={t('domains.sortBy', { sort: t(`domains.sort.${by}`) })}
                onClick={() => sortBy(by)}
              >
                {t(`domains.column.${id}`)}
                {by === sort ? <Arrow descending={descending} /> : null}
              </UnstyledButton>
            )}
          </th>
        ))}
      </tr>
    </thead>
  )
}

function Empty() {
  const { t } = useTranslation()
  const { domains } = useStores()
  const counts = useDomains((state) => state.counts)
  const away = useApp(awayNow)
  const none = counts?.all === 0
  return (
    <div className={classes.empty}>
      <p>
        {!none
          ? t('domains.none')
          : counts.fetchedAt !== null
            ? t('domains.noneListed')
            : t(`domains.noneYet.${away ?? 'online'}`)}
      </p>
      {none ? null : (
        <Button variant="default" onClick={() => void domains.getState().change({ text: '', status: 'all' })}>
          {t('domains.showAll')}
        </Button>
      )}
    </div>
  )
}
