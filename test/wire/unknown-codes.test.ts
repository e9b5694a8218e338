import { expect, test } from 'vitest'
import { storeAnswer } from '../../main/jobs/check.ts'
import { openWorkspace } from '../fakes/workspace.ts'

const failing = (...codes: string[]) => ({
  ok: false,
  internal: false,
  errors: codes.map((code) => ({ code, detail: 'Texte de dimail' })),
})
const passing = { ok: true, internal: false, errors: [] }
const val = 'val-fictif.example'

async function answered(...answers: Record<string, unknown>[]) {
  const workspace = await openWorkspace()
  for (const checks of answers) {
    const raw = { name: val, state: 'broken', active: true, ...checks }
    storeAnswer(workspace, val, {
      ...{ name: val, state: 'broken', valid: false, active: true, contextName: null, features: [] },
      raw,
    })
  }
  return workspace.cache.unknownCodes().map(({ check, code, count }) => [check, code, count])
}

test('field N5: a code that the catalogue does not explain is counted at each check; those it explains are not', async () => {
  expect(
    await answered(
      { mx: failing('wrong_mx', 'mx_inattendu'), spf: failing('no_spf'), arc: failing('arc_casse') },
      { mx: failing('mx_inattendu'), spf: passing },
    ),
  ).toEqual([
    ['mx', 'mx_inattendu', 2],
    ['arc', 'arc_casse', 1],
  ])
})

test('a check that passes, was not run, or failed without a code, has no code to count', async () => {
  expect(await answered({ mx: passing, spf: failing('no_test'), ox: failing('') })).toEqual([])
})

test('faults 46: an answer with thousands of codes counts a hundred', async () => {
  const codes = Array.from({ length: 5000 }, (_, place) => `inconnu-${place}`)
  expect(await answered({ mx: failing(...codes) })).toHaveLength(100)
})
