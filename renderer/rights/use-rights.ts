import { useCallback, useEffect, useState } from 'react'
import type { Reply } from '../../preload/contract.ts'
import type { Failure } from '../../preload/failure.ts'
import type { Action, Rights } from '../../preload/people-shapes.ts'
import { useStores } from '../stores.ts'

/** Takes the rights as an act left them; false, with the failure told, when it was not done. */
export type Take = (reply: Reply<Rights>) => boolean

/** What the person at this console may do with a domain, and who else may: main decides, the page shows. */
export function useRights(domain: string) {
  const { bridge } = useStores()
  const [rights, setRights] = useState<Rights | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [turn, setTurn] = useState(0)
  const again = useCallback(() => setTurn((before) => before + 1), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` tells that something changed.
  useEffect(() => {
    let current = true
    void bridge['rights.read']({ domain }).then((reply) => {
      if (!current) return
      setFailure(reply.ok ? null : reply.failure)
      if (reply.ok) setRights(reply.value)
    })
    return () => {
      current = false
    }
  }, [domain, bridge, turn])
  useEffect(() => {
    const stops = [
      bridge.on('rights.changed', (what) => {
        if (what.domain === null || what.domain === domain) again()
      }),
      bridge.on('session.changed', again),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [bridge, domain, again])
  const may = (action: Action) => rights?.domain === domain && rights.may.includes(action)
  return { rights: rights?.domain === domain ? rights : null, failure, may, setRights }
}
