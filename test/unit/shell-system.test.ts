import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadWithElectron } from '../fakes/electron.ts'

const path = fileURLToPath(new URL('../../main/shell/system.ts', import.meta.url))
const given: string[] = []
let refuses = false

const system: typeof import('../../main/shell/system.ts') = loadWithElectron(
  {
    ...{ clipboard: {}, nativeTheme: {}, net: {} },
    shell: {
      async openExternal(link: string) {
        if (refuses) throw new Error('No application is known for this link')
        given.push(link)
      },
    },
  },
  path,
)

test('a system that cannot open a page or a message is told to the agent, not a bug', async () => {
  const page = 'https://github.com/suitenumerique'
  expect(await system.openLink(page)).toBe(true)
  expect(await system.openLetter('mairie@commune.example', 'Objet', 'Texte')).toBe(true)
  const sign = 'https://identite.example/authorize?state=a'
  expect(await system.openSignInPage(sign, 'https://identite.example')).toBe(true)
  expect(await system.openSignInPage(sign, 'https://autre.example')).toBe(false)
  expect(given.splice(2)).toEqual([sign])
  expect(given).toEqual([page, 'mailto:mairie@commune.example?subject=Objet&body=Texte'])
  refuses = true
  expect(await system.openLink(page)).toBe(false)
  expect(await system.openSignInPage(sign, 'https://identite.example')).toBe(false)
  expect(await system.openLetter('mairie@commune.example', 'Objet', 'Texte')).toBe(false)
})
