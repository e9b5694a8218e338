import { useEffect, useState } from 'react'
import { tellFailure } from '../parts/tell.ts'
import { useMailboxes, useStores } from '../stores.ts'

const none: ReadonlySet<string> = new Set()

/** How many of the selected mailboxes the current filter shows, and how many it leaves out. */
export function useMailboxSplit(): { inside: number; outside: number } {
  const { bridge } = useStores()
  const domain = useMailboxes((state) => state.domain)
  const selection = useMailboxes((state) => state.selection)
  const { text, show } = useMailboxes((state) => state.view)
  const readings = useMailboxes((state) => state.readings)
  const [shown, setShown] = useState(none)
  const whole = text.trim() === '' && show === 'all'
  const asked = selection.size > 0 && !whole
  // biome-ignore lint/correctness/useExhaustiveDependencies: `readings` is what tells that the answer may differ.
  useEffect(() => {
    if (!asked || domain === null) return
    let current = true
    void bridge['mailboxes.addresses']({ domain, text, show }).then((reply) => {
      if (!current) return
      if (reply.ok) setShown(new Set(reply.value))
      else tellFailure(reply.failure)
    })
    return () => {
      current = false
    }
  }, [asked, domain, text, show, readings, bridge])
  if (whole) return { inside: selection.size, outside: 0 }
  const inside = [...selection].filter((address) => shown.has(address)).length
  return { inside, outside: selection.size - inside }
}
