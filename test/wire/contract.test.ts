import { ServerResponse } from 'node:http'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { allHandlers } from '../../main/api/handlers.ts'
import type { Handlers } from '../../main/ipc.ts'
import { accounts } from '../../main/sandbox/accounts.ts'
import { calls, pushes } from '../../preload/channels.ts'
import { contract, pushed, reply } from '../../preload/contract.ts'
import { Expected, failed, unwrap } from '../../preload/failure.ts'
import { type Console, loopback, openConsole, ourPage, type Sender, supportAgent } from '../fakes/console.ts'
import { loadWithElectron } from '../fakes/electron.ts'
import type { Making, Row } from './contract-row.ts'
import { rows } from './contract-rows.ts'
import { secretsOf, tokensIn } from './contract-session-rows.ts'

type Locks = Pick<typeof import('../../main/shell/locks.ts'), 'isOurFrame'>
const { isOurFrame }: Locks = loadWithElectron(
  { app: {}, session: {} },
  join(import.meta.dirname, '../../main/shell/locks.ts'),
)
const isOurs = ({ frame, page }: Sender) => page === ourPage.page && isOurFrame(frame)

async function make(console: Console, making: Making): Promise<unknown> {
  return typeof making === 'function' ? making(console) : making
}

/** A console whose Sandbox profile is open, with an agent of support signed in, and its fleet read. */
async function setUp() {
  const console = openConsole()
  await console.openSandbox()
  unwrap(await console.profiles.opened().refresh(true))
  return { console, invoke: loopback(console.handlers, isOurs, console.log) }
}

/** Handlers whose every dependency throws. */
function breaking(console: Console, error: () => Error): Handlers {
  const fail = (): never => {
    throw error()
  }
  const broken = <T extends object>(whole: T): T => new Proxy(whole, { get: () => fail })
  const { deps } = console
  return allHandlers(
    {
      ...deps,
      profiles: broken(deps.profiles),
      registry: broken(deps.registry),
      notices: broken(deps.notices),
      sandbox: broken(deps.sandbox),
      painted: fail,
      openLink: fail,
      openLetter: fail,
      copy: fail,
      print: fail,
    },
    {
      chooseFile: fail,
      chooseTarget: fail,
      chooseProfile: fail,
      chooseProfileTarget: fail,
      chooseForm: fail,
    },
  )
}

/** Handlers that only say that they were reached. */
function watched(handlers: Handlers) {
  const reached: string[] = []
  const noting = new Proxy(handlers, {
    get: (target, call) => {
      reached.push(String(call))
      return Reflect.get(target, call)
    },
  })
  return { reached, noting }
}

/** Who signs in. */
const agent = accounts.find(({ id }) => id === supportAgent) ?? { sub: '', email: '' }
const frame = ourPage.frame
const strangers: Record<string, Sender> = {
  'no frame': { frame: null, page: 1 },
  'a frame within our page': { frame: { url: 'app://bundle/index.html', parent: frame }, page: 1 },
  'another origin': { frame: { url: 'https://bundle/index.html', parent: null }, page: 1 },
  'another host of our scheme': { frame: { url: 'app://autre/index.html', parent: null }, page: 1 },
  'an empty page': { frame: { url: 'about:blank', parent: null }, page: 1 },
  'a page in its own address': { frame: { url: 'data:text/html,app://bundle', parent: null }, page: 1 },
  'no address': { frame: { url: '', parent: null }, page: 1 },
  'another window': { ...ourPage, page: 2 },
}

const cyclic = (() => {
  const cycle: Record<string, unknown> = { name: 'a.example' }
  cycle.self = cycle
  return cycle
})()
const deep = (() => {
  let nested: unknown = 'fond'
  for (let level = 0; level < 2_000; level++) nested = level % 2 ? [nested] : { nested }
  return nested
})()
const polluted: unknown = JSON.parse(
  '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}},"name":"a"}',
)
const hostile = [
  cyclic,
  polluted,
  Number.NaN,
  -0,
  2 ** 53,
  '\uD800',
  'x'.repeat(100_000),
  new Map(),
  new Date(0),
  [[]],
]
const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
})

/** Anything, and what fits with one of its keys taken away, added or filled with anything. */
function inputs(fitting: unknown): fc.Arbitrary<unknown> {
  const odd = fc.oneof(anything, fc.constantFrom(...hostile), fc.string({ unit: 'binary' }), fc.integer())
  if (typeof fitting !== 'object' || fitting === null) return odd
  const keys = Object.keys(fitting)
  const changed = fc
    .tuple(fc.constantFrom(...keys, 'surplus', '__proto__'), odd, fc.boolean())
    .map(([key, value, isGone]) => {
      const entries = Object.entries(fitting).filter(([each]) => each !== key)
      return Object.fromEntries(isGone && keys.includes(key) ? entries : [...entries, [key, value]])
    })
  return fc.oneof(odd, { weight: 3, arbitrary: changed })
}

describe.each(calls)('%s', (call) => {
  const row: Row = rows[call]

  test('faults 5: what fits is answered as the contract says, and tells no secret', async () => {
    const answered = vi.spyOn(ServerResponse.prototype, 'end')
    onTestFinished(() => answered.mockRestore())
    const { console, invoke } = await setUp()
    const secrets = secretsOf(
      console,
      answered.mock.calls.flatMap(([body]) => tokensIn(body)),
    )
    const input = await make(console, row.fits)
    const answer = reply.parse(await invoke(call, input))
    if (!answer.ok) throw new Expected(answer.failure)
    expect(contract[call].output.safeParse(answer.value).error).toBeUndefined()
    const told = JSON.stringify([answer, console.pushes, console.lines])
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([])
    const { sub, email } = agent
    expect([sub, email].filter((one) => JSON.stringify(console.lines).includes(one))).toEqual([])
    expect(told).not.toMatch(/eyJ[\w-]+\.|Basic |Bearer /)
    for (const { push, value } of console.pushes) {
      const shape = pushes.find((name) => name === push)
      expect(shape && pushed[shape].safeParse(value).error).toBeUndefined()
    }
  })

  test('what does not fit is refused and never reaches the handler', async () => {
    const console = openConsole()
    const { reached, noting } = watched(console.handlers)
    const invoke = loopback(noting, isOurs, console.log)
    const unfit = [row.unfit, null, 12, 'texte', [], { surplus: 1 }, deep, polluted]
    for (const input of unfit) {
      expect(await invoke(call, input)).toMatchObject({ ok: false, failure: { code: 'bad-request' } })
    }
    expect(reached).toEqual([])
    expect(console.lines).toHaveLength(unfit.length)
  })

  test.each(Object.entries(strangers))(
    'faults 2: %s is refused aloud, before all else',
    async (_who, sender) => {
      const console = openConsole()
      const { reached, noting } = watched(console.handlers)
      const invoke = loopback(noting, isOurs, console.log)
      await expect(invoke(call, row.unfit, sender)).rejects.toThrow('refused, the sender is not our page')
      expect(reached).toEqual([])
      expect(console.lines).toEqual([{ level: 'warn', event: expect.any(String), facts: { call } }])
    },
  )

  test('what can be expected to fail is told as it is', async () => {
    const { console, invoke } = await setUp()
    const input = await make(console, row.fits)
    const { failure } = failed('storage', 'unwritable', 'The disk is full.', { file: 'cache.db' })
    const failing = loopback(
      breaking(console, () => new Expected(failure)),
      isOurs,
      console.log,
    )
    expect(await failing(call, input)).toEqual({ ok: false, failure })
    if (row.fails) {
      const asked = 'with' in row.fails ? await make(console, row.fails.with) : input
      await row.fails.before?.(console)
      const answer = reply.parse(await invoke(call, asked))
      expect(answer).toMatchObject({ ok: false, failure: { code: row.fails.code } })
    }
    expect(console.lines.filter((line) => line.level === 'error')).toEqual([])
  })

  test('faults 6: a bug is logged and not described', async () => {
    const { console } = await setUp()
    const input = await make(console, row.fits)
    const bug = new TypeError('boom at /home/agent/secret.ts')
    const invoke = loopback(
      breaking(console, () => bug),
      isOurs,
      console.log,
    )
    const answer = await invoke(call, input)
    expect(answer).toEqual({
      ok: false,
      failure: {
        code: 'unexpected',
        reason: 'bug',
        message: 'Something went wrong in the program.',
        details: {},
      },
    })
    expect(console.lines.filter((line) => line.level === 'error')).toMatchObject([
      { error: bug, facts: { call } },
    ])
  })

  test('faults 4: a thousand odd inputs are each answered or refused, and none is a bug', async () => {
    const { console, invoke } = await setUp()
    await row.fuzzedAfter?.(console)
    const fitting = await make(console, 'fuzzed' in row ? row.fuzzed : row.fits)
    const prototype = Object.getOwnPropertyNames(Object.prototype)
    await fc.assert(
      fc.asyncProperty(inputs(fitting), async (input) => {
        const answer = reply.parse(await invoke(call, input))
        if (!answer.ok) expect(answer.failure).not.toMatchObject({ code: 'unexpected' })
        else expect(contract[call].output.safeParse(answer.value).success).toBe(true)
      }),
      { numRuns: 1000 },
    )
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(prototype)
  })
})
