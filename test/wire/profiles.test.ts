import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openRegistry } from '../../main/profiles/registry.ts'
import { createSandbox } from '../../main/profiles/sandbox.ts'
import type { SandboxProcess } from '../../main/profiles/sandbox-control.ts'
import { failed, ok, unwrap } from '../../preload/failure.ts'
import { type Profile, plainProfile } from '../../preload/profile-shapes.ts'
import type { SandboxState } from '../../preload/shapes.ts'
import { type Console, openConsole, sandboxHere } from '../fakes/console.ts'
import { filesOf, folder } from '../fakes/folders.ts'
import { elsewhere, noSecrets } from './profiles-draft.ts'

const statesTold = (console: Console) =>
  console.pushes
    .filter(({ push }) => push === 'sandbox.changed')
    .map(({ value }) => Reflect.get(Object(value), 'state'))

describe('a real profile', () => {
  test('that cannot be opened, for a reason nobody foresaw, leaves neither store open', async () => {
    const { input } = await elsewhere()
    const console = openConsole()
    await console.profiles.save(input)
    const { id } = console.profiles.opened().profile
    await console.profiles.opened().desk.intend({
      action: 'repair',
      subject: 'abandonnée.example',
      target: null,
      actor: 'agent-fictif',
      before: null,
      at: 1,
    })
    await console.profiles.close()
    const folderOf = join(console.path, 'profiles', id)
    const db = new Database(join(folderOf, 'desk.db'))
    // What the earlier run left cannot be settled.
    db.exec("CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'plein'); END")
    db.close()
    await expect(console.profiles.open(id)).rejects.toThrow('plein')
    expect(console.profiles.current()).toBeNull()
    // A store that is closed takes its log in.
    expect(readdirSync(folderOf).filter((file) => file.endsWith('-wal'))).toEqual([])
  })

  test('is proven before it is kept: a wrong password leaves nothing behind', async () => {
    const { input } = await elsewhere()
    const console = openConsole()
    const wrong = { ...input, secrets: { ...input.secrets, password: 'faux' } }
    await expect(console.profiles.save(wrong)).rejects.toThrow('refused/credentials')
    const inClear = { ...input, draft: { ...input.draft, address: 'http://dimail.example' } }
    await expect(console.profiles.save(inClear)).rejects.toThrow('invalid/address-scheme')
    const without = { ...input, secrets: noSecrets }
    await expect(console.profiles.save(without)).rejects.toThrow('refused/password-needed')
    expect(console.profiles.list().map((profile) => profile.id)).toEqual(['sandbox'])
    expect(console.profiles.current()).toBeNull()
    expect([...filesOf(console.path).keys()]).toEqual([])
  })

  test('faults 70: is opened and worked with, and its password is in no file', async () => {
    const { input, password } = await elsewhere()
    const console = openConsole()
    await console.profiles.save(input)
    await console.profiles.awake()
    const profile = console.profiles.opened()
    unwrap(await profile.refresh(false))
    await profile.queue.ended(
      profile.queue.start('check', profile.cache.names({ text: '', status: 'all' })).id,
    )
    expect(profile.cache.counts().all).toBe(5)
    const encoded = Buffer.from(`${input.draft.username}:${password}`).toString('base64')
    for (const [file, bytes] of filesOf(console.path)) {
      for (const secret of [password, encoded, 'eyJ'])
        expect([file, bytes.includes(secret)]).toEqual([file, false])
    }
    const settings = JSON.parse(readFileSync(join(console.path, 'console.json'), 'utf8'))
    expect(settings).toMatchObject({ current: profile.profile.id, profiles: [{ name: 'Production' }] })
  })

  test('whose password is not known any more is locked, and asks nobody until it is typed', async () => {
    const { dimail, input } = await elsewhere()
    const console = openConsole()
    await console.profiles.save(input)
    const { id } = console.profiles.opened().profile
    console.vault.write(id, 'oublié')
    dimail.world.users.set(input.draft.username, {
      name: input.draft.username,
      password: 'nouveau',
      isAdmin: true,
      uuid: 'u',
      perms: [],
    })
    await console.profiles.open(id)
    await console.profiles.awake()
    expect(console.profiles.opened().watch.read().state).toBe('locked')
    await expect(console.profiles.unlock('faux')).rejects.toThrow('refused/credentials')
    await console.profiles.unlock('nouveau')
    expect(console.profiles.opened().watch.read().state).toBe('online')
    expect(console.vault.read(id)).toBe('nouveau')
  })

  test('given on the command line is written nowhere, not even its new password', async () => {
    const { input, password } = await elsewhere()
    const profile: Profile = {
      ...plainProfile,
      id: 'given',
      name: 'Donné',
      kind: 'dimail',
      colour: 'violet',
      address: input.draft.address,
      username: input.draft.username,
    }
    const console = openConsole({ given: { profile, secrets: { ...noSecrets, password: 'ancien' } } })
    await console.profiles.open('given')
    await console.profiles.awake()
    expect(console.profiles.opened().watch.read().state).toBe('locked')
    await console.profiles.unlock(password)
    expect(console.profiles.opened().watch.read().state).toBe('online')
    expect(console.vault.read('given')).toBeNull()
    expect(console.registry.read()).toMatchObject({ current: null, profiles: [] })
  })

  test('that cannot be opened leaves none open, and the page knows', async () => {
    const { input } = await elsewhere()
    const console = openConsole()
    await console.profiles.save(input)
    const { id } = console.profiles.opened().profile
    await console.profiles.close()
    writeFileSync(join(console.path, 'profiles', id, 'desk.db'), 'bruit'.repeat(4000))
    for (const file of filesOf(join(console.path, 'profiles', id)).keys())
      if (file.includes('backup')) writeFileSync(file, 'bruit')
    await console.profiles.open('sandbox')
    console.pushes.length = 0
    await expect(console.profiles.open(id)).rejects.toThrow('storage/desk-damaged')
    expect(console.profiles.current()).toBeNull()
    expect(console.pushes).toContainEqual({
      push: 'app.changed',
      value: expect.objectContaining({ profile: null }),
    })
  })
})

describe('opening', () => {
  test('twice at once leaves one profile open', async () => {
    const console = openConsole()
    const { profiles } = console
    await Promise.all([profiles.open('sandbox'), profiles.open('sandbox'), console.openSandbox()])
    await profiles.opened().watch.probe()
    expect(profiles.opened().watch.read().state).toBe('online')
    await profiles.close()
    expect([profiles.current(), console.process.running()]).toEqual([null, null])
    expect(() => profiles.opened()).toThrow('not-possible/no-profile')
  })

  test('tells what a run that was killed left behind, and what was altered', async () => {
    const console = openConsole()
    await console.profiles.open('sandbox')
    const { desk, cache } = console.profiles.opened()
    const before = { status: 'failed', checks: [] }
    await desk.intend({
      action: 'repair',
      subject: 'val.example',
      target: null,
      actor: 'agent',
      before,
      at: 1,
    })
    cache.jobs.create('check', ['val.example'], 1)
    await console.profiles.open('sandbox')
    expect(console.notices.list().map((notice) => notice.reason)).toEqual([
      'job-interrupted',
      'call-interrupted',
    ])
    expect(console.notices.list()[1]?.details).toEqual({ domains: 'val.example' })
    const [first] = console.notices.list()
    if (first) console.notices.dismiss(first.id)
    expect(console.notices.list()).toHaveLength(1)
  })

  test('with a damaged cache says so, and where the old one is', async () => {
    const console = openConsole()
    await console.profiles.open('sandbox')
    await console.profiles.close()
    writeFileSync(join(console.path, 'profiles/sandbox/cache.db'), 'bruit'.repeat(4000))
    await console.profiles.open('sandbox')
    expect(console.notices.list()).toMatchObject([
      { reason: 'cache-rebuilt', details: { file: expect.any(String) } },
    ])
  })

  test('faults 52: a fleet that shrank while nobody looked is said, and the old list kept', async () => {
    const console = openConsole()
    await console.openSandbox()
    const profile = console.profiles.opened()
    unwrap(await profile.refresh(true))
    console.process.running()?.world.load([])
    profile.cache.setFleetFetchedAt(0)
    console.process.running()?.answerNext('GET /token/', { cut: 'before' })
    await profile.watch.probe()
    await profile.watch.probe()
    await expect.poll(() => console.notices.list().map((notice) => notice.reason)).toContain('fleet-shrunk')
    expect(profile.cache.counts().all).toBe(60)
  })
})

describe('a repair that is under way', () => {
  async function repairing() {
    const console = openConsole()
    await console.openSandbox()
    const profile = console.profiles.opened()
    unwrap(await profile.refresh(true))
    const [name] = profile.cache.names({ text: '', status: 'repairable' })
    const sandbox = console.process.running()
    if (name === undefined || !sandbox) throw new Error('nothing to repair')
    sandbox.answerNext(/fix/, { delayMs: 300 })
    const fixes = () => sandbox.requests.filter(({ path }) => path.includes('/fix/')).length
    return { console, profile, name, fixes }
  }

  test('by a job is the same as one by a key: the second is refused, and one call leaves', async () => {
    const { console, profile, name, fixes } = await repairing()
    const job = profile.queue.start('repair', [name])
    await expect(console.handlers['domains.repair']({ name })).rejects.toMatchObject({
      failure: { code: 'not-possible', reason: 'running' },
    })
    expect(await profile.queue.ended(job.id)).toMatchObject({ state: 'done', done: 1 })
    expect(fixes()).toBe(1)
  })

  test('is waited for when the profile closes, and its row is settled', async () => {
    const { console, profile, name } = await repairing()
    const asked = console.handlers['domains.repair']({ name })
    await expect.poll(() => profile.repairing.size).toBe(1)
    await console.profiles.close()
    expect(await asked).toMatchObject({ state: 'done', effect: 'repaired' })
    await console.profiles.open('sandbox')
    const [row] = await console.profiles.opened().desk.journal({ subject: name, limit: 1 })
    expect(row?.state).toBe('done')
    expect(console.deps.notices.list()).toEqual([])
  })
})

describe('the sandbox of the program', () => {
  test('stopped is a dimail that does not answer, and started again is the same', async () => {
    const console = openConsole()
    await console.openSandbox()
    const { address } = console.profiles.opened().profile
    await console.deps.sandbox.stop()
    expect(await console.profiles.opened().watch.probe()).toMatchObject({
      state: 'not-answering',
      // Counting may be under way: its connection is then cut before this one is refused.
      failure: { code: 'offline' },
    })
    expect(await console.deps.sandbox.start()).toMatchObject({ state: 'running', address })
    expect(await console.profiles.opened().watch.probe()).toMatchObject({ state: 'online' })
    expect(statesTold(console)).toEqual(['starting', 'running', 'stopped', 'starting', 'running'])
  })

  test('stays stopped over a restart, and its domains are still read', async () => {
    const console = openConsole()
    await console.openSandbox()
    unwrap(await console.profiles.opened().refresh(true))
    await console.deps.sandbox.stop()
    await console.profiles.end()
    await console.profiles.open('sandbox')
    await console.profiles.awake()
    expect(console.deps.sandbox.read().state).toBe('stopped')
    // Its provider is stopped too: the agent is known, reads what is here, and asks nobody.
    expect(console.profiles.opened().session.read().state).toBe('known')
    expect(console.profiles.opened().cache.counts().all).toBe(60)
  })

  test('takes its dialect, latency and quirks at once, and again when it starts', async () => {
    const console = openConsole()
    await console.openSandbox()
    const wish = { dialect: '2024' as const, latencyMs: 3, quirks: ['string-booleans' as const] }
    expect(await console.deps.sandbox.configure(wish)).toMatchObject({ state: 'running', ...wish })
    await console.deps.sandbox.stop()
    await console.deps.sandbox.start()
    const { dialect, latencyMs, quirks } = console.process.running()?.behaviour ?? {}
    expect([dialect, latencyMs, [...(quirks ?? [])]]).toEqual(['2024', 3, ['string-booleans']])
  })

  test('populated from the profile gives the same verdicts again', async () => {
    const console = openConsole()
    await console.openSandbox()
    const { cache, queue } = console.profiles.opened()
    unwrap(await console.profiles.opened().refresh(true))
    const { fetchedAt: _before, ...before } = cache.counts()
    await console.handlers['sandbox.populate'](undefined)
    await queue.ended(queue.start('check', cache.names({ text: '', status: 'all' })).id)
    const { fetchedAt: _after, ...after } = cache.counts()
    expect(after).toEqual(before)
  })

  function sandboxOver(process: SandboxProcess) {
    const registry = openRegistry(join(folder(), 'console.json'), 'fr', Date.now)
    const told: SandboxState['state'][] = []
    const sandbox = createSandbox({ process, registry, changed: (state) => told.push(state.state) })
    onTestFinished(() => sandbox.end())
    return { sandbox, registry, told }
  }

  test('keeps one port, however many ask for it at once, and holds no other', async () => {
    const { sandbox } = sandboxOver(sandboxHere())
    const [state, address] = await Promise.all([sandbox.start(), sandbox.address()])
    expect(state).toMatchObject({ state: 'running', address })
    expect(await sandbox.address()).toBe(address)
  })

  test('whose process cannot even be made has failed, and may be tried again', async () => {
    const here = sandboxHere()
    let broken = true
    const { sandbox, told } = sandboxOver({
      ...here,
      start: async (options) => {
        if (broken) throw new Error('No process could be made')
        return here.start(options)
      },
    })
    await expect(sandbox.start()).rejects.toThrow('No process could be made')
    expect(told).toEqual(['starting', 'failed'])
    broken = false
    expect(await sandbox.start()).toMatchObject({ state: 'running' })
  })

  test('that cannot start says so, and may be tried again', async () => {
    const here = sandboxHere()
    let broken = true
    const { sandbox, told } = sandboxOver({
      ...here,
      start: async (options) =>
        broken
          ? failed('not-possible', 'sandbox-start', 'The sandbox could not start.')
          : here.start(options),
    })
    await expect(sandbox.start()).rejects.toThrow('not-possible/sandbox-start')
    broken = false
    expect(await sandbox.start()).toMatchObject({ state: 'running' })
    expect(told).toEqual(['starting', 'failed', 'starting', 'running'])
  })

  test('that does not take its quirks is not left starting for ever', async () => {
    const here = sandboxHere()
    const { sandbox, registry, told } = sandboxOver({
      ...here,
      start: async (options) => {
        const started = await here.start(options)
        return started.ok ? ok({ ...started.value, key: 'wrong' }) : started
      },
    })
    registry.write({ sandbox: { ...registry.read().sandbox, quirks: ['json-errors'] } })
    await expect(sandbox.start()).rejects.toThrow('server-error/sandbox')
    expect([told, here.running()]).toEqual([['starting', 'failed'], null])
  })

  test('stopped while it starts stays stopped', async () => {
    const gate = Promise.withResolvers<void>()
    const here = sandboxHere()
    const { sandbox } = sandboxOver({
      ...here,
      start: async () => {
        await gate.promise
        return failed('not-possible', 'sandbox-start', 'The sandbox could not start.')
      },
    })
    const starting = sandbox.start()
    await sandbox.stop()
    gate.resolve()
    expect(await starting).toMatchObject({ state: 'stopped' })
    expect(sandbox.read().state).toBe('stopped')
  })

  test('that dies by itself is said to have failed', async () => {
    const endings: (() => void)[] = []
    const { sandbox, told } = sandboxOver({ ...sandboxHere(), onEnd: (listener) => endings.push(listener) })
    await sandbox.start()
    for (const end of endings) end()
    expect([sandbox.read().state, told.at(-1)]).toEqual(['failed', 'failed'])
    await expect(sandbox.order('reset')).rejects.toThrow('not-possible/sandbox-stopped')
  })
})
