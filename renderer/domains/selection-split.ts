import { useEffect, useState } from 'react'
import { tellFailure } from '../parts/tell.ts'
import { useDomains, useStores } from '../stores.ts'

const none: ReadonlySet<string> = new Set()

/** How many of the selected domains the current filter shows, and how many it leaves out. */
export function useSelectionSplit(): { inside: number; outside: number } {
  const { bridge } = useStores()
  const selection = useDomains((state) => state.selection)
  const { text, status } = useDomains((state) => state.view)
  const changes = useDomains((state) => state.counts)
  const [shown, setShown] = useState(none)
  const whole = text.trim() === '' && status === 'all'
  const asked = selection.size > 0 && !whole
  // biome-ignore lint/correctness/useExhaustiveDependencies: `changes` is what tells that the answer may differ.
  useEffect(() => {
    if (!asked) return
    let current = true
    void bridge['domains.names']({ text, status }).then((reply) => {
      if (!current) return
      if (reply.ok) setShown(new Set(reply.value))
      else tellFailure(reply.failure)
    })
    return () => {
      current = false
    }
  }, [asked, text, status, changes, bridge])
  if (whole) return { inside: selection.size, outside: 0 }
  const inside = [...selection].filter((name) => shown.has(name)).length
  return { inside, outside: selection.size - inside }
}
