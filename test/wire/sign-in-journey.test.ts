import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { unwrap } from '../../preload/failure.ts'
import type { Session } from '../../preload/session-shapes.ts'
import { type Console, openConsole } from '../fakes/console.ts'
import { filesOf } from '../fakes/folders.ts'

/** What is read unasked comes when it comes. */
const until = <T>(work: () => T | Promise<T>): Promise<T> => vi.waitFor(work, { timeout: 8_000 })

const towns = ['sdis-valdore.example', 'villeneuve-les-etangs.example']
const everything = {
  text: '',
  status: 'all',
  sort: 'name',
  descending: false,
  offset: 0,
  limit: 100,
} as const

/** The console in the sandbox, signed in as `agent`. */
async function openAs(agent: string): Promise<Console> {
  const console = openConsole()
  await console.openSandbox(agent)
  return console
}
const names = async ({ handlers }: Console) =>
  (await handlers['domains.list'](everything)).rows.map(({ name }) => name)
const session = ({ handlers }: Console): Session => handlers['session.read'](undefined) as Session
async function agent(console: Console, id: string) {
  const found = (await console.deps.sandbox.agents()).find((one) => one.id === id)
  if (!found) throw new Error(`No agent ${id}`)
  return found
}
/** Signs in again, as the same agent or another. */
async function signIn(console: Console, id: string): Promise<Session> {
  console.atBrowser.agent = id
  return console.handlers['session.signIn'](undefined)
}
const permitted = (console: Console) => console.profiles.permit('domains.list', everything)

describe('signing in to the sandbox, with its real provider', () => {
  test('before it nobody reads anything, and nothing is asked of dimail', async () => {
    const console = openConsole()
    await console.profiles.open('sandbox')
    await console.profiles.awake()
    expect(session(console)).toMatchObject({ state: 'signed-out', person: null })
    expect(await permitted(console)).toMatchObject({ failure: { reason: 'signed-out' } })
    expect(console.process.running()?.requests).toEqual([])
  })

  test('the support desk works on every domain', async () => {
    const console = await openAs('support')
    expect(session(console)).toMatchObject({
      state: 'signed-in',
      person: { support: true, name: 'Camille Ciboulette' },
    })
    await until(async () => expect(await names(console)).toHaveLength(60))
    expect(session(console).may).toContain('domain.create')
  })

  test('an administrator sees the entitled domains, and nothing else is listed, searched, counted or cached', async () => {
    const console = await openAs('two-towns')
    await until(async () => expect(await names(console)).toEqual(towns))
    expect(session(console).plan).toMatchObject({ state: 'applied', add: towns.toReversed(), remove: [] })
    expect((await console.handlers['domains.counts'](undefined)).all).toBe(2)
    const found = await console.handlers['search.find']({ text: 'clairvaux', limit: 20 })
    expect(JSON.stringify(found)).not.toContain('clairvaux-les-granges')
    const asked = console.process.running()?.requests.map(({ path }) => path) ?? []
    expect(asked.filter((path) => path === '/domains/')).toEqual([])
    expect(
      await console.profiles.permit('domains.read', { name: 'clairvaux-les-granges.example' }),
    ).toMatchObject({
      failure: { code: 'not-found', reason: 'domain' },
    })
    expect(session(console).may).not.toContain('domain.create')
  })

  test('the one whose subscription is not activated is told so, by DeployCenter’s reason, and reads nothing', async () => {
    const console = await openAs('not-activated')
    const { state, refusal } = session(console)
    expect(state).toBe('refused')
    expect(refusal).toMatchObject({ reason: 'not_activated', account: { organization: expect.any(String) } })
    expect(await permitted(console)).toMatchObject({ failure: { code: 'refused', reason: 'no-access' } })
    expect(console.process.running()?.requests).toEqual([])
  })
})

describe('at the next sign-in', () => {
  test('entitlements 30, 46: a domain that DeployCenter no longer lists is lost, and leaves the cache', async () => {
    const console = await openAs('two-towns')
    await until(async () => expect(await names(console)).toEqual(towns))
    const { id, subscription } = await agent(console, 'two-towns')
    await console.deps.sandbox.entitle({ id, subscription, domains: ['sdis-valdore.example'] })
    expect(await names(console)).toEqual(towns)
    const again = await signIn(console, 'two-towns')
    expect(again.plan).toMatchObject({ state: 'applied', add: [], remove: ['villeneuve-les-etangs.example'] })
    expect(await names(console)).toEqual(['sdis-valdore.example'])
    const cache = [...filesOf(join(console.path, 'profiles', 'sandbox'))].filter(([file]) =>
      /cache\.db/.test(file),
    )
    expect(cache.filter(([, bytes]) => bytes.includes('villeneuve-les-etangs'))).toEqual([])
  })

  test.each(['failing', 'html', 'array', 'null', 'unauthorized', 'down', 'huge'] as const)(
    'entitlements 33: DeployCenter that is %s changes nothing, and the agent is told which it was',
    async (mode) => {
      const console = await openAs('two-towns')
      await until(async () => expect(await names(console)).toEqual(towns))
      await console.deps.sandbox.setDeployCenter(mode)
      const again = await signIn(console, 'two-towns')
      expect(again).toMatchObject({
        state: 'signed-in',
        plan: { state: 'kept', stale: true, add: [], remove: [] },
      })
      expect(again.plan?.trouble?.reason).toMatch(/^deploycenter/)
      await until(async () => expect(await names(console)).toEqual(towns))
    },
  )

  test('entitlements 52: a subscription that was deactivated closes the console and takes no access away', async () => {
    const console = await openAs('two-towns')
    await until(async () => expect(await names(console)).toEqual(towns))
    await console.deps.sandbox.entitle({ id: 'two-towns', subscription: 'inactive', domains: [] })
    expect(await signIn(console, 'two-towns')).toMatchObject({
      state: 'refused',
      refusal: { reason: 'not_activated' },
    })
    const held = await console.profiles.opened().desk.accesses.list(null)
    expect(
      held
        .filter(({ email }) => email?.startsWith('charlie'))
        .map(({ domain }) => domain)
        .sort(),
    ).toEqual(towns)
  })

  test('a list that has become empty asks first; left alone, it takes nothing away', async () => {
    const console = await openAs('two-towns')
    await until(async () => expect(await names(console)).toEqual(towns))
    await console.deps.sandbox.entitle({ id: 'two-towns', subscription: 'active', domains: [] })
    const again = await signIn(console, 'two-towns')
    expect(again.plan).toMatchObject({
      state: 'asks',
      answer: 'empty-list',
      remove: expect.arrayContaining(towns),
    })
    expect(await names(console)).toEqual(towns)
    const plan = again.plan?.id ?? 0
    expect(await console.handlers['entitlements.decline']({ plan })).toMatchObject({ state: 'kept' })
    const shown = await console.handlers['entitlements.plan'](undefined)
    expect(shown).toMatchObject({ state: 'asks' })
    expect(await console.handlers['entitlements.apply']({ plan: shown.id })).toMatchObject({
      state: 'applied',
    })
    await until(async () => expect(await names(console)).toEqual([]))
  })

  test('a plan that another has followed is not applied', async () => {
    const console = await openAs('two-towns')
    const shown = await console.handlers['entitlements.plan'](undefined)
    await console.handlers['entitlements.plan'](undefined)
    await expect(async () =>
      console.handlers['entitlements.apply']({ plan: shown.id }),
    ).rejects.toMatchObject({
      failure: { code: 'not-found', reason: 'rights-plan' },
    })
  })
})

test('rights that are read on demand close the console when DeployCenter has said no meanwhile', async () => {
  const console = await openAs('two-towns')
  await until(async () => expect(await names(console)).toEqual(towns))
  await console.deps.sandbox.entitle({ id: 'two-towns', subscription: 'inactive', domains: [] })
  await console.handlers['entitlements.plan'](undefined)
  expect(session(console)).toMatchObject({ state: 'refused', refusal: { reason: 'not_activated' }, may: [] })
  expect(await permitted(console)).toMatchObject({ failure: { reason: 'no-access' } })
})

describe('another agent', () => {
  test('sees nothing of the first: no domain, no journal, no notice, no byte in the cache', async () => {
    const console = await openAs('support')
    await until(async () => expect(await names(console)).toHaveLength(60))
    await console.handlers['session.signOut'](undefined)
    expect(session(console)).toMatchObject({ state: 'signed-out', person: null, plan: null })
    expect(await permitted(console)).toMatchObject({ failure: { reason: 'signed-out' } })
    await signIn(console, 'two-towns')
    await until(async () => expect(await names(console)).toEqual(towns))
    await until(() => {
      const cache = [...filesOf(join(console.path, 'profiles', 'sandbox'))].filter(([file]) =>
        /cache\.db/.test(file),
      )
      expect(cache.filter(([, bytes]) => bytes.includes('clairvaux-les-granges'))).toEqual([])
    })
    await console.handlers['session.signOut'](undefined)
    await signIn(console, 'support')
    await until(async () => expect(await names(console)).toHaveLength(60))
  })

  test('entitlements 45: keeps their own rights when the first loses theirs', async () => {
    const console = await openAs('administrator')
    await until(async () => expect(await names(console)).toContain('villeneuve-les-etangs.example'))
    await signIn(console, 'two-towns')
    await console.deps.sandbox.entitle({
      id: 'two-towns',
      subscription: 'active',
      domains: ['sdis-valdore.example'],
    })
    await signIn(console, 'two-towns')
    const held = await console.profiles.opened().desk.accesses.list('villeneuve-les-etangs.example')
    expect(held.map(({ name }) => name)).toContain('Eden Rutabaga')
    expect(held.map(({ name }) => name)).not.toContain('Charlie Panais')
  })
})

test('an agent of the last run reads what is here and changes nothing, until they sign in again', async () => {
  const console = await openAs('two-towns')
  await until(async () => expect(await names(console)).toEqual(towns))
  await console.profiles.open('sandbox')
  await console.profiles.awake()
  expect(session(console).state).toBe('known')
  expect(await names(console)).toEqual(towns)
  const check = await console.profiles.permit('domains.check', { name: 'sdis-valdore.example' })
  expect(check).toMatchObject({ failure: { code: 'refused', reason: 'not-proven' } })
  const before = console.process.running()?.requests.length
  await expect(async () =>
    unwrap(await console.profiles.opened().dimail.readDomain('sdis-valdore.example')),
  ).rejects.toThrow()
  expect(console.process.running()?.requests.length).toBe(before)
  expect((await signIn(console, 'two-towns')).state).toBe('signed-in')
})

test('entitlements 49, 50: no log line holds a subject, an e-mail or the query of an address', async () => {
  const console = await openAs('two-towns')
  await console.deps.sandbox.setDeployCenter('failing')
  await signIn(console, 'two-towns')
  const said = JSON.stringify(console.lines)
  expect(said).not.toMatch(/charlie|panais|b2a7e6c4|siret=|account_email|\?service_id/i)
  expect(said).toMatch(/deploycenter/i)
  expect(readFileSync(join(console.path, 'console.json'), 'utf8')).not.toMatch(/charlie|b2a7e6c4/)
})
