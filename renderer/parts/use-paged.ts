import { useCallback, useEffect, useRef, useState } from 'react'
import type { Reply } from '../../preload/contract.ts'
import type { Failure } from '../../preload/failure.ts'

const page = 100

type Page<T> = { rows: T[]; total: number }
type Read<T, More> = (offset: number, limit: number) => Promise<Reply<Page<T> & More>>

/**
 * A list read page by page as it is scrolled. `question` names what is asked: another one begins again, and an
 * answer to an older one is thrown away. `again` reads what is in sight once more, keeping it on the screen.
 */
export function usePaged<T, More = object>(question: string, read: Read<T, More>) {
  const [rows, setRows] = useState<ReadonlyMap<number, T>>(new Map())
  const [head, setHead] = useState<(Page<T> & More) | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const turn = useRef(0)
  const asked = useRef(new Set<number>())
  const latest = useRef(read)
  latest.current = read
  const range = useRef({ first: 0, last: page - 1 })

  const readPages = useCallback(async (fresh: boolean) => {
    if (fresh) {
      turn.current++
      asked.current = new Set()
    }
    const mine = turn.current
    const first = Math.floor(range.current.first / page) * page
    let begun = fresh
    for (let offset = first; offset <= range.current.last; offset += page) {
      if (asked.current.has(offset)) continue
      asked.current.add(offset)
      const reply = await latest.current(offset, page)
      if (mine !== turn.current) return
      if (!reply.ok) {
        asked.current.delete(offset)
        return setFailure(reply.failure)
      }
      setFailure(null)
      setHead(reply.value)
      const isFirst = begun
      begun = false
      setRows((before) => {
        const next = new Map(isFirst ? [] : before)
        for (const [index, row] of reply.value.rows.entries()) next.set(offset + index, row)
        return next
      })
    }
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question is what makes it read again.
  useEffect(() => {
    range.current = { first: 0, last: page - 1 }
    void readPages(true)
  }, [question, readPages])

  const shown = useCallback(
    (first: number, last: number) => {
      range.current = { first, last }
      void readPages(false)
    },
    [readPages],
  )
  const again = useCallback(() => void readPages(true), [readPages])
  return { rows, head, total: head?.total ?? 0, failure, shown, again }
}
