import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import config from '../../.dependency-cruiser.mjs'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'directions-'))
const before = process.cwd()

beforeAll(() => {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  process.chdir(folder)
})
afterAll(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
})

/** Each rule, with one import that it must refuse. */
const wrong: [rule: string, from: string, to: string][] = [
  ['main-never-sees-the-renderer', 'main/api/a.ts', 'renderer/a.ts'],
  ['renderer-never-sees-main', 'renderer/b.ts', 'main/api/b.ts'],
  ['preload-stands-alone', 'preload/c.ts', 'main/api/c.ts'],
  ['electron-only-in-the-shell', 'main/api/d.ts', 'electron'],
  ['sandbox-is-loaded-by-nobody', 'main/api/e.ts', 'main/sandbox/e.ts'],
  ['sandbox-loads-nothing-of-ours', 'main/sandbox/f.ts', 'main/store/f.ts'],
  ['only-the-root-sees-the-shell', 'main/api/g.ts', 'main/shell/g.ts'],
  ['store-is-at-the-bottom', 'main/store/h.ts', 'main/jobs/h.ts'],
  ['dimail-knows-no-use-case', 'main/dimail/i.ts', 'main/store/i.ts'],
  ['use-cases-know-no-handler', 'main/jobs/j.ts', 'main/api/j.ts'],
  ['shipped-code-needs-no-test', 'main/api/k.ts', 'test/k.ts'],
]

test.each(wrong)('%s: %s may not import %s', async (rule, from, to) => {
  const target = to === 'electron' ? to : `${'../'.repeat(from.split('/').length - 1)}${to}`
  write(from, `import { thing } from '${target}'\nexport const kept = thing\n`)
  if (to !== 'electron') write(to, 'export const thing = 1\n')
  const { output } = await cruise([from], {
    ...config.options,
    validate: true,
    ruleSet: { forbidden: config.forbidden ?? [] },
  })
  if (typeof output === 'string') throw new Error(output)
  expect(output.summary.violations.map((violation) => violation.rule.name)).toContain(rule)
})

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}
