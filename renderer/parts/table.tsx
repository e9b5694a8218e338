import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'

/** What stands for the rows out of sight. */
export const Gap = ({ height }: { height: number }) =>
  height > 0 ? (
    <tr aria-hidden>
      <td style={{ height, padding: 0 }} />
    </tr>
  ) : null

/** Which way a column is sorted. */
export const Arrow = ({ descending }: { descending: boolean }) =>
  descending ? <IconArrowDown size={13} aria-hidden /> : <IconArrowUp size={13} aria-hidden />

/** A click beside the box is meant for the box. */
export const isForSelection = (target: EventTarget) =>
  target instanceof Element && target.closest('[data-selects]') !== null
