import { useEffect, useState } from 'react'
import { tellFailure } from '../parts/tell.ts'
import { useDomains, useStores } from '../stores.ts'

/** Which of the selected domains one call can repair now, asked of the cache: the selection may be out of sight. */
export function useRepairable(selection: ReadonlySet<string>): string[] {
  const { bridge } = useStores()
  const [repairable, setRepairable] = useState<readonly string[]>([])
  const changes = useDomains((state) => state.counts)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `changes` is what tells that the answer may differ.
  useEffect(() => {
    let current = true
    void bridge['domains.names']({ text: '', status: 'repairable' }).then((reply) => {
      if (!current) return
      if (reply.ok) setRepairable(reply.value)
      else tellFailure(reply.failure)
    })
    return () => {
      current = false
    }
  }, [changes, bridge])
  return repairable.filter((name) => selection.has(name))
}
