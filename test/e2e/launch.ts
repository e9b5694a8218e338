import '../canaries/watch.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect } from '@playwright/test'
import { seeConsole } from '../canaries/seen.ts'
import { root } from '../tools/bootstrap.mjs'
import { removeGiven } from './given.ts'
import { launchReal } from './launch-real.ts'
import { launchStandIn } from './launch-stand-in.ts'
import type { Running } from './running.ts'

export { expect } from '@playwright/test'

export type LaunchOptions = {
  args?: string[]
  /** Default: a new temporary folder. Either is removed only when it was made here. */
  userData?: string
  env?: Record<string, string>
  /** The system's language; default fr. */
  locale?: 'fr' | 'en'
}

export type Console = Omit<Running, 'output'> & {
  userData: string
  /** Ends this console if it still runs, and starts another on the same data, with `args` or the same ones. */
  restart(args?: string[]): Promise<Console>
}

export type Launch = (options?: LaunchOptions) => Promise<Console>

const start = process.env.E2E_REAL ? launchReal : launchStandIn

/** Playwright's `test` with `launch`, which starts the built console: in the stand-in, or on the real binary. */
export const test = base.extend<{ launch: Launch }>({
  // Playwright reads the fixtures that one needs from this pattern.
  // biome-ignore lint/correctness/noEmptyPattern: see above
  launch: async ({}, use, testInfo) => {
    const started: Running[] = []
    const folders: string[] = []
    const written = new Set<string>()
    const seen = seeConsole()

    async function launch({
      args = [],
      userData,
      env = {},
      locale = 'fr',
    }: LaunchOptions = {}): Promise<Console> {
      const folder = userData ?? mkdtempSync(join(tmpdir(), 'console-e2e-'))
      if (userData === undefined) folders.push(folder)
      const watched: Record<string, string> = process.env.E2E_REAL ? {} : seen.env
      const running = await start(root, ['--user-data', folder, `--lang=${locale}`, ...args], {
        ...watched,
        ...env,
        NODE_OPTIONS: [watched.NODE_OPTIONS, env.NODE_OPTIONS].filter(Boolean).join(' '),
      })
      started.push(running)
      // What cannot be clicked is told at once, and not when the whole test is over.
      running.page.setDefaultTimeout(20_000)
      written.add(folder)
      const { output: _output, ...rest } = running
      return {
        ...rest,
        userData: folder,
        async restart(nextArgs = args) {
          await seen.look(running.page)
          await running.close()
          return launch({ args: nextArgs, userData: folder, env, locale })
        },
      }
    }

    await use(launch)
    for (const running of started) await seen.look(running.page)
    for (const running of started) await running.close()
    if (testInfo.status !== testInfo.expectedStatus) {
      for (const running of started)
        await testInfo.attach('what the program said', { body: running.output() })
    }
    for (const running of started) seen.hear(running.output())
    removeGiven()
    const found = seen.finds([...written])
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    expect(found, 'Secrets that were written or shown (docs/faults.md 70)').toEqual([])
  },
})
