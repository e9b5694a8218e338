import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { openCache } from '../../main/store/cache.ts'
import { openDesk } from '../../main/store/desk.ts'
import { unwrap } from '../../preload/failure.ts'
import { closing } from '../fakes/dimail-client.ts'
import { folder } from '../fakes/folders.ts'
import { json, startHttpServer } from '../fakes/http-server.ts'

const program = resolve(import.meta.dirname, '../fakes/bulk-check.ts')
const domains = 300

/** Runs a bulk check and kills it once it has told so many results; what it had told then. */
async function killedAfter(told: number, path: string, address: string): Promise<number> {
  const child = spawn(process.execPath, [program, path, address, 'agent', 'mot-de-passe', String(domains)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let last = 0
  for await (const line of createInterface({ input: child.stdout })) {
    last = Math.max(last, Number(line))
    if (last >= told) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return last
}

test.each([0, 1, 7, 40, 90, 150])(
  'faults 53: killed after %d results of a bulk check, nothing is torn and nothing told is lost',
  async (told) => {
    const server = closing(
      await startHttpServer(({ url }, response) => {
        const name = url.split('/')[2] ?? ''
        json(response, 200, {
          name,
          state: 'ok',
          active: true,
          mx: { ok: true, internal: false, errors: [] },
        })
      }),
    )
    const path = folder()
    const acknowledged = await killedAfter(told, path, server.address)

    const { cache, aside } = unwrap(openCache(join(path, 'cache.db'), Date.now))
    const { desk, restored } = unwrap(openDesk(join(path, 'desk.db'), Date.now))
    try {
      expect([aside, restored]).toEqual([null, null])
      expect(cache.jobs.interruptAll(Date.now())).toBe(1)
      const rows = cache.jobs.rows(1, 0, 500)
      const done = rows.filter((row) => row.state === 'done')
      expect(rows).toHaveLength(domains)
      expect(new Set(rows.map((row) => row.state))).toEqual(new Set(['done', 'not-done']))
      expect(done.length).toBeGreaterThanOrEqual(acknowledged)
      expect(cache.jobs.read(1)).toMatchObject({ state: 'interrupted', done: done.length, failed: 0 })
      const stored = cache.names({ text: '', status: 'enabled' })
      expect(stored).toEqual(done.map((row) => row.name).toSorted())
      for (const { name } of done) expect(cache.read(name)?.snapshots).toHaveLength(1)
      expect(await desk.verify()).toEqual([])
      expect(await desk.settleAbandoned(1)).toHaveLength(3)
    } finally {
      cache.close()
      await desk.close()
    }
  },
)
