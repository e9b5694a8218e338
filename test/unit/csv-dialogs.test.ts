import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { loadWithElectron } from '../fakes/electron.ts'
import { folder } from '../fakes/folders.ts'
import { dialog } from '../stand-in/dialog.ts'

const path = fileURLToPath(new URL('../../main/shell/files.ts', import.meta.url))

test('the dialogs answer what the test queued, in order, and refuse aloud once it is used up', async () => {
  const journal = join(folder(), 'journal')
  vi.stubEnv('STAND_IN_JOURNAL', journal)
  vi.stubEnv('STAND_IN_DIALOGS', JSON.stringify(['/lu.csv', null, '/écrit.csv', null]))
  const files: typeof import('../../main/shell/files.ts') = loadWithElectron({ dialog }, path)
  expect(await files.chooseFile('fr')).toBe('/lu.csv')
  expect(await files.chooseFile('en')).toBeNull()
  expect(await files.chooseTarget('liste.csv', 'en')).toBe('/écrit.csv')
  expect(await files.chooseTarget('liste.csv', 'fr')).toBeNull()
  await expect(files.chooseFile('fr')).rejects.toThrow('STAND_IN_DIALOGS holds no answer to: Choisir')
  const asked = readFileSync(journal, 'utf8').trim().split('\n')
  expect(asked.map((line) => JSON.parse(line)).slice(1, 3)).toEqual([
    { kind: 'dialog', asked: 'open', title: 'Choose a CSV file', suggested: '' },
    { kind: 'dialog', asked: 'save', title: 'Save the list', suggested: 'liste.csv' },
  ])
  expect(() => dialog.showMessageBox).toThrow('the stand-in has no dialog.showMessageBox')
})
