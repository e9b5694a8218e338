import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { root } from './bootstrap.mjs'

/**
 * Gives the levels that are about to run one temporary folder, and a file beside it where each process tells of the
 * secrets that it handles (test/fakes/planted.ts). Both are gone when this program ends.
 * @param {string[]} levels
 */
export function watchSuite(levels) {
  const usual = tmpdir()
  const secrets = mkdtempSync(join(usual, 'secrets-'))
  const written = mkdtempSync(join(usual, 'suite-'))
  process.once('exit', () => {
    for (const path of [secrets, written]) rmSync(path, { recursive: true, force: true, maxRetries: 5 })
  })
  // The sources of tests, secrets of theirs included, as Playwright compiles them: kept from one run to the next.
  process.env.PWTEST_CACHE_DIR ??= join(usual, `playwright-transform-cache-${userInfo().username}`)
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = written
  const folders = [written]
  if (levels.includes('e2e')) {
    const results = join(root, 'test-results')
    mkdirSync(results, { recursive: true })
    folders.push(results)
  }
  process.env.PLANTED_SECRETS = join(secrets, 'planted')
  return {
    /** What the search for them is told, once the levels have run. */
    env: {
      WRITTEN_BY_SUITE: folders.join(delimiter),
      LEVELS_OF_SUITE: levels.join(' '),
      // What is written on purpose is written elsewhere.
      ...Object.fromEntries(['TMPDIR', 'TEMP', 'TMP'].map((name) => [name, secrets])),
    },
  }
}
