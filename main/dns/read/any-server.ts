import type { Said } from './said.ts'

/** After this long without an answer the next server is asked as well: one silent server must not stop a walk. */
const impatientMs = 800
/** How many servers of one zone are tried for one question. */
const mostTried = 5

/**
 * What the first of several servers that can be understood says; when none can, what the last one said. Null: there
 * is no server.
 */
export async function anyServer(
  addresses: readonly string[],
  ask: (address: string) => Promise<Said>,
): Promise<Said | null> {
  const waiting = new Set<Promise<{ said: Said; done: () => void }>>()
  let last: Said | null = null
  const next = addresses.slice(0, mostTried)
  while (next.length > 0 || waiting.size > 0) {
    const address = next.shift()
    if (address !== undefined) {
      const asked = ask(address).then((said) => ({ said, done: () => waiting.delete(asked) }))
      waiting.add(asked)
    }
    const came = await firstOf(waiting, next.length > 0)
    if (came === null) continue
    came.done()
    last = came.said
    if (isUnderstood(came.said)) return came.said
  }
  return last
}

export const isUnderstood = (said: Said): boolean => said.kind !== 'look' || said.look.state !== 'unread'

/** Null when nothing came for a while and there is another to ask. */
async function firstOf<T>(waiting: ReadonlySet<Promise<T>>, impatient: boolean): Promise<T | null> {
  if (!impatient) return Promise.race(waiting)
  let timer: NodeJS.Timeout | undefined
  const pause = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, impatientMs, null)
  })
  try {
    return await Promise.race([...waiting, pause])
  } finally {
    clearTimeout(timer)
  }
}
