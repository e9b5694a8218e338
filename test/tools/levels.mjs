import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, run } from './bootstrap.mjs'

/**
 * `failures` are the titles of what failed; `unsteady` those of what failed, was run once more, and passed.
 * @typedef {{ passed: number, failed: number, failures: string[], unsteady?: string[] }} Count
 */

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const playwright = join(root, 'node_modules', '@playwright', 'test', 'cli.js')
const vitestConfig = join(root, 'test', 'vitest.config.ts')
/** Of the search for secrets in what the other levels wrote. */
export const canariesConfig = join(root, 'test', 'canaries', 'vitest.config.ts')
const playwrightConfig = ['test', '--config', join(root, 'test', 'e2e', 'playwright.config.ts')]

/**
 * Runs `args` with a file for a JSON report, and reads it; null when there is none.
 * @param {(report: string) => { args: string[], env?: NodeJS.ProcessEnv, quiet?: boolean }} command
 */
async function reported(command) {
  const folder = mkdtempSync(join(tmpdir(), 'test-report-'))
  const report = join(folder, 'report.json')
  const { args, env, quiet } = command(report)
  const code = await run(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit',
  })
  const found = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null
  // In the suite's own folder it is searched as all that is there, and goes with it.
  if (process.env.PLANTED_SECRETS === undefined) rmSync(folder, { recursive: true, force: true })
  return { code, report: found }
}

/** A level that ends badly has failed, whatever it counted. @param {number} code @param {Count} count @returns {Count} */
const settled = (code, { passed, failed, failures }) =>
  code !== 0 && failed === 0
    ? { passed, failed: 1, failures: [...failures, `a level ended with ${code} and no failed test`] }
    : { passed, failed, failures }

/** @param {string[]} folders @param {NodeJS.ProcessEnv} [env] @returns {Promise<Count>} */
export async function runVitest(folders, config = vitestConfig, env = {}) {
  const { code, report } = await reported((file) => ({
    env,
    args: [
      vitest,
      'run',
      '--config',
      config,
      ...folders,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
  }))
  /** @type {{ assertionResults: { status: string, fullName: string }[] }[]} */
  const files = report?.testResults ?? []
  return settled(code, {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 1,
    failures: files
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => fullName),
  })
}

/** @returns {Promise<Count>} */
export async function runPlaywright() {
  const { code, report } = await reported((file) => ({
    args: [playwright, ...playwrightConfig, '--reporter=line,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  }))
  const specs = specsOf(report)
  const unsteady = specs.filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
  const count = settled(code, {
    passed: (report?.stats.expected ?? 0) + (report?.stats.flaky ?? 0),
    failed: report?.stats.unexpected ?? 1,
    failures: titlesOf(specs.filter(({ ok }) => !ok)),
  })
  return { ...count, unsteady: titlesOf(unsteady) }
}

/**
 * The title of every test of vitest: its files are loaded, so that tables are unfolded, and nothing is run.
 * @param {string[]} folders @returns {Promise<string[]>}
 */
export async function listVitest(folders, config = vitestConfig) {
  const { createVitest } = await import('vitest/node')
  const vitest = await createVitest('test', { config, watch: false, reporters: [] })
  const { testModules, unhandledErrors } = await vitest.collect(folders, { staticParse: false })
  await vitest.close()
  const errors = [...unhandledErrors, ...testModules.flatMap((module) => module.errors())]
  if (errors.length > 0) throw new AggregateError(errors, 'Some test files do not load')
  return testModules.flatMap((module) => [...module.children.allTests()].map(({ name }) => name))
}

/** @returns {Promise<string[]>} */
export async function listPlaywright() {
  const { report } = await reported((file) => ({
    args: [playwright, ...playwrightConfig, '--list', '--reporter=json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file },
    quiet: true,
  }))
  return titlesOf(specsOf(report))
}

/** @typedef {{ title: string, ok: boolean, tests: { status: string }[] }} Spec */
/** @typedef {{ specs?: Spec[], suites?: Suite[] }} Suite */
/** @param {Suite | null} suite @returns {Spec[]} */
function specsOf(suite) {
  return [...(suite?.specs ?? []), ...(suite?.suites ?? []).flatMap(specsOf)]
}

/** @param {Spec[]} specs */
const titlesOf = (specs) => specs.map(({ title }) => title)
