import type { Adapter, AdapterPayload } from 'oidc-provider'

type Kept = { payload: AdapterPayload; until: number }
const kept = 20_000

/**
 * What the provider remembers, in memory and for this sandbox alone: sessions, grants, codes and tokens, the last
 * 20,000. `now`: milliseconds.
 */
export function createStorage(now: () => number): (model: string) => Adapter {
  const all = new Map<string, Kept>()

  function read(key: string): AdapterPayload | undefined {
    const found = all.get(key)
    return found !== undefined && now() < found.until ? found.payload : undefined
  }
  function write(key: string, payload: AdapterPayload, seconds = Number.POSITIVE_INFINITY) {
    all.delete(key)
    all.set(key, { payload, until: now() + seconds * 1000 })
    for (const oldest of all.keys()) {
      if (all.size <= kept) break
      all.delete(oldest)
    }
  }
  function find(model: string, isIt: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    const keys = [...all.keys()].filter((key) => key.startsWith(`${model} `))
    return keys.map(read).find((payload) => payload !== undefined && isIt(payload))
  }

  return (model) => ({
    upsert: async (id, payload, seconds) => write(`${model} ${id}`, payload, seconds),
    find: async (id) => read(`${model} ${id}`),
    findByUid: async (uid) => find(model, (payload) => payload.uid === uid),
    findByUserCode: async (userCode) => find(model, (payload) => payload.userCode === userCode),
    async consume(id) {
      const payload = read(`${model} ${id}`)
      if (payload !== undefined) payload.consumed = Math.floor(now() / 1000)
    },
    destroy: async (id) => void all.delete(`${model} ${id}`),
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of all) if (payload.grantId === grantId) all.delete(key)
    },
  })
}
