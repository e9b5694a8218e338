import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSandbox } from '../../main/sandbox/server.ts'
import { seeConsole } from '../canaries/seen.ts'
import { root } from '../tools/bootstrap.mjs'
import { agentOn } from './agent.ts'
import { givenProfile, removeGiven } from './given.ts'
import { test as base, expect } from './launch.ts'
import { words } from './words.ts'

const say = words.fr

type Ended = { code: number | null; out: string; err: string }

/** `npm start -- …`, as it is typed; with E2E_REAL on Electron, else in the stand-in. */
function startConsole(args: string[], more: Record<string, string>): Promise<Ended> {
  const env = { ...process.env, ...(process.env.E2E_REAL ? {} : { STAND_IN: '1', ...more }) }
  const child = spawn(process.execPath, [join(root, 'test/tools/start.mjs'), ...args], { env })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    said.out += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    said.err += String(chunk)
  })
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, ...said })))
}

const test = base.extend<{ userData: string; start: (args: string[]) => Promise<Ended> }>({
  // First made, and so last removed: a console of the test is still in it.
  userData: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that one needs from this pattern.
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'console-start-'))
      await use(folder)
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
    { auto: true },
  ],
  start: async ({ userData }, use) => {
    const seen = seeConsole()
    await use(async (args) => {
      const ended = await startConsole(['--user-data', userData, ...args], seen.env)
      seen.hear(ended.out + ended.err)
      return ended
    })
    removeGiven()
    expect(seen.finds([userData]), 'Secrets that were written or said (docs/faults.md 70)').toEqual([])
  },
})

test('--headless --once prints the fleet as the sandbox defines it, and a picture of the table', async ({
  start,
}) => {
  const { code, out } = await start(['--headless', '--once'])
  expect(code).toBe(0)
  const summary = JSON.parse(out)
  expect(summary).toMatchObject({
    domains: 60,
    counts: { enabled: 31, action_required: 14, failed: 6, pending: 7, disabled: 2 },
    checked: { total: 60, done: 53, failed: 7 },
  })
  const picture = readFileSync(summary.screenshot)
  expect(picture.subarray(1, 4).toString()).toBe('PNG')
  expect(picture.length).toBeGreaterThan(50_000)
})

test('--once on a dimail without domains ends, and says so', async ({ start }) => {
  const sandbox = await startSandbox({})
  const none = { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('[]') }
  sandbox.answerNext('GET /domains/', { answer: none }, 10)
  const { url: address, username, password } = sandbox
  const file = givenProfile({ name: 'Vide', address, username, password })
  const { code, out, err } = await start(['--headless', '--once', '--profile', file])
  expect(err).not.toContain(password)
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ profile: 'Vide', domains: 0, checked: { total: 0 } })
  await sandbox.close()
})

test('a profile file that cannot be used ends the start with one sentence', async ({ start }) => {
  const file = givenProfile('{"password":"canari')
  const { code, out, err } = await start(['--headless', '--profile', file])
  expect(code).toBe(1)
  expect(out).toBe('')
  expect(err).toContain('is not JSON')
  expect(err).not.toContain('canari')
})

test('--once beside a console that holds the same data says so, and does nothing', async ({
  launch,
  start,
  userData,
}) => {
  await launch({ userData })
  const { code, out, err } = await start(['--headless', '--once'])
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toContain('Another console holds this data')
})

test('faults 61: settings that cannot be read are put aside, said, and the console starts', async ({
  launch,
  userData,
}) => {
  writeFileSync(join(userData, 'console.json'), '{"locale":"en","profi')
  const running = await launch({ userData })
  await expect(running.page.getByText(say.notice['settings-rebuilt'])).toBeVisible()
  await agentOn(running, say).openSandbox()
  expect(existsSync(join(userData, 'console.json'))).toBe(true)
})
