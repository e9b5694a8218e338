import { useCallback, useEffect, useRef, useState } from 'react'
import type { Reply } from '../../preload/contract.ts'
import type { Failure } from '../../preload/failure.ts'
import { createPager, type Page, type Rows } from './pager.ts'

type State<T, More> = { rows: Rows<T>; head: (Page<T> & More) | null; failure: Failure | null }

/**
 * A list read page by page as it is scrolled. `question` names what is asked: another one begins again, and an
 * answer to an older one is thrown away. `again` reads what is in sight once more, keeping it on the screen.
 */
export function usePaged<T, More = object>(
  question: string,
  read: (offset: number, limit: number) => Promise<Reply<Page<T> & More>>,
) {
  const latest = useRef(read)
  latest.current = read
  const held = useRef<State<T, More>>({ rows: new Map(), head: null, failure: null })
  const [state, set] = useState(held.current)
  const [pager] = useState(() => {
    const put = (next: Partial<State<T, More>>) => {
      held.current = { ...held.current, failure: null, ...next }
      set(held.current)
    }
    const failed = (failure: Failure) => put({ failure })
    return createPager<T, Page<T> & More, void>({
      read: (offset, limit) => latest.current(offset, limit),
      beside: async () => {},
      keyOf: () => '',
      held: () => ({ rows: held.current.rows, total: held.current.head?.total ?? 0 }),
      taken: (rows, head) => put({ rows, head }),
      grown: (rows, total) => put({ rows, head: held.current.head && { ...held.current.head, total } }),
      failed,
      complain: failed,
    })
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question is what makes it read again.
  useEffect(() => {
    pager.toTop()
    void pager.readShown()
  }, [question, pager])
  const again = useCallback(() => void pager.reload(), [pager])
  return { ...state, total: state.head?.total ?? 0, shown: pager.show, again }
}
