import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allHandlers } from '../../main/api/handlers.ts'
import { openConsole } from '../fakes/console.ts'

const town = 'clairvaux-les-granges.example'
const never = async () => null

test('records are saved as they were when it was asked, even when the profile is left while a place is chosen', async () => {
  const console = openConsole()
  await console.openSandbox()
  await console.profiles.opened().refresh(false)
  await console.handlers['dns.diagnose']({ name: town })
  const file = join(console.path, 'records.csv')
  const handlers = allHandlers(console.deps, {
    ...{ chooseFile: never, chooseTarget: never, chooseProfile: never, chooseProfileTarget: never },
    async chooseForm() {
      await console.profiles.end()
      return file
    },
  })
  const saved = await handlers['dns.save']({ name: town, what: 'expected', format: 'csv' })
  expect(saved).toEqual({ file })
  expect(readFileSync(file, 'utf8')).toContain('spf1')
})

test('what is being read for an agent who has gone is broken off, kept from who comes, and told to nobody', async () => {
  const console = openConsole()
  await console.openSandbox()
  const profile = console.profiles.opened()
  await profile.refresh(false)
  await console.handlers['dns.watch']({ name: town })
  const behaviour = console.process.running()?.behaviour
  if (!behaviour) throw new Error('no sandbox')
  behaviour.latencyMs = 150
  const asked = console.handlers['dns.diagnose']({ name: town })
  const answer = Promise.resolve(asked).then(
    () => 'answered',
    () => 'failed',
  )
  await expect.poll(() => profile.diagnosing.size).toBe(1)
  await console.handlers['session.signOut'](undefined)
  behaviour.latencyMs = 0
  console.atBrowser.agent = 'viewer'
  await console.handlers['session.signIn'](undefined)
  console.pushes.length = 0
  expect(await answer).toBe('failed')
  expect(profile.cache.readDiagnosis(town)).toBeNull()
  expect(JSON.stringify(console.pushes)).not.toContain(town)
  expect(profile.diagnosing.size).toBe(0)
})

test('the town’s address is found however the name of its domain is written', async () => {
  const console = openConsole()
  await console.openSandbox()
  const profile = console.profiles.opened()
  await profile.refresh(false)
  await profile.desk.towns.put(town, town, { name: town, supportEmail: 'mairie@autre.example' })
  await console.handlers['dns.diagnose']({ name: town })
  const letter = { name: ` ${town.toUpperCase()} `, locale: 'fr', note: '' } as const
  expect(await console.handlers['dns.letter'](letter)).toMatchObject({ to: 'mairie@autre.example' })
})
