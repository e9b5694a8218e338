import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import classes from './parts.module.css'
import { Gap } from './table.tsx'

type Column = { id: string; label: string; width?: number | string | undefined }
type Props = {
  label: string
  columns: readonly Column[]
  count: number
  /** The least; a row that needs more is measured. */
  rowHeight: number
  /** At most this many pixels high; it is smaller when there are few rows. */
  height: number | string
  keyOf: (index: number) => string | number
  /** The cells of a row; null while it is being read. */
  cells: (index: number) => ReactNode
  /** Says which rows are in sight, so that they are read. */
  shown?: (first: number, last: number) => void
}

/** A table of which only the rows in sight are in the page, whatever its length. */
export function VirtualTable({ label, columns, count, rowHeight, height, keyOf, cells, shown }: Props) {
  const scroll = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index
  const last = items.at(-1)?.index
  useEffect(() => {
    if (first !== undefined && last !== undefined) shown?.(first, last)
  }, [first, last, shown])
  return (
    <section
      className={classes.virtual}
      style={{ maxHeight: height }}
      ref={scroll}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard.
      tabIndex={0}
      data-own-keys
    >
      <table className={classes.virtualTable} aria-rowcount={count + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ id, label: text, width }) => (
              <th key={id} scope="col" style={{ width }}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={items[0]?.start ?? 0} />
          {items.map(({ index }) => (
            <tr
              key={keyOf(index)}
              ref={virtual.measureElement}
              data-index={index}
              aria-rowindex={index + 2}
              style={{ height: rowHeight }}
            >
              {cells(index) ?? <td colSpan={columns.length} />}
            </tr>
          ))}
          <Gap height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
        </tbody>
      </table>
    </section>
  )
}
