import { describe, expect, test } from 'vitest'
import { refreshFleet } from '../../main/jobs/fleet.ts'
import { settleRightsDoubts } from '../../main/rights/journal.ts'
import { adoptDomain, createDomain, finishDomain, settleSetupDoubts } from '../../main/setup/create.ts'
import { previewDomain } from '../../main/setup/preview.ts'
import { setSupportEmail } from '../../main/setup/support-email.ts'
import { unwrap } from '../../preload/failure.ts'
import { clientOf } from '../fakes/dimail-client.ts'
import { folder } from '../fakes/folders.ts'
import { type OpenWorkspace, openWorkspace, workspaceOf } from '../fakes/workspace.ts'

const name = 'commune-nouvelle.example'
const asked = { name, supportEmail: 'Mairie@commune-nouvelle.example' }
const posts = (work: OpenWorkspace) => work.asked(/^POST \/domains\//).length
const owners = async (work: OpenWorkspace, domain = name) =>
  (await work.desk.accesses.list(domain)).map(({ person, role }) => `${person} ${role}`)
const journal = async (work: OpenWorkspace, subject = name) =>
  (await work.desk.journal({ subject, limit: 20 })).map(({ action, state }) => `${action} ${state}`).reverse()

describe('a new domain', () => {
  test('is one POST in the words of 2026, then has its owner, its first check and its records', async () => {
    const work = await openWorkspace()
    const setup = unwrap(await createDomain(work, { ...asked, name: ' Commune-Nouvelle.EXAMPLE. ' }))
    expect(setup).toMatchObject({ name, creator: 'agent-fictif', missing: [], failure: null, adopted: false })
    expect(work.asked(new RegExp(`^POST|${name}`))).toEqual([
      'POST /domains/',
      `GET /domains/${name}/check`,
      `GET /domains/${name}/spec/`,
    ])
    expect(work.sandbox.world.domain(name)).toMatchObject({
      contextName: name,
      features: ['webmail', 'mailbox', 'alias'],
      delivery: 'virtual',
    })
    expect(await owners(work)).toEqual(['agent-fictif owner'])
    expect(work.cache.read(name)?.row.checkedAt).not.toBeNull()
    expect(work.cache.read(name)?.records?.items.length).toBeGreaterThan(3)
    expect(await work.desk.towns.get(name)).toEqual({ name, supportEmail: 'mairie@commune-nouvelle.example' })
    expect(await work.desk.setups.list(null)).toEqual([])
    expect(await journal(work)).toEqual(['domain.create done', 'access.grant done'])
    expect(work.told.flat()).toContain(name)
  })

  test.each([
    ['pas un nom', null, 'characters'],
    ['', null, 'empty'],
    ['mairie', null, 'no-dot'],
    [name, 'pas une adresse', 'person-email'],
    [name, 'mairie@localhost', 'person-email'],
  ])('called "%s" with the support address %s never leaves', async (typed, supportEmail, reason) => {
    const work = await openWorkspace()
    expect(await createDomain(work, { name: typed, supportEmail })).toMatchObject({
      failure: { code: 'invalid', reason },
    })
    expect(work.sandbox.requests).toEqual([])
    expect(await work.desk.setups.list(null)).toEqual([])
  })

  test('that is known here never leaves, however it is written', async () => {
    const work = await openWorkspace()
    unwrap(await refreshFleet(work, false))
    const known = work.named('enabled')
    for (const typed of [known, known.toUpperCase(), ` ${known}. `])
      expect(await createDomain(work, { name: typed, supportEmail: null })).toMatchObject({
        failure: { code: 'conflict', reason: 'domain-known' },
      })
    expect(posts(work)).toBe(0)
  })

  test('asked for twice at once is created once', async () => {
    const work = await openWorkspace()
    const both = await Promise.all([createDomain(work, asked), createDomain(work, asked)])
    expect(both.map((one) => (one.ok ? 'created' : one.failure.reason))).toEqual(['created', 'domain-known'])
    expect(posts(work)).toBe(1)
  })

  test('dimail D7: two names that differ by their dots only are two domains', async () => {
    const work = await openWorkspace()
    unwrap(await createDomain(work, { name: 'ab.c.example', supportEmail: null }))
    unwrap(await createDomain(work, { name: 'a.bc.example', supportEmail: null }))
    expect(await owners(work, 'ab.c.example')).toEqual(['agent-fictif owner'])
    expect(await owners(work, 'a.bc.example')).toEqual(['agent-fictif owner'])
    expect(work.cache.names({ text: '', status: 'all' }).sort()).toEqual(['a.bc.example', 'ab.c.example'])
  })

  test('is whole in 2024 too, where nobody tells its records', async () => {
    const work = await openWorkspace({ dialect: '2024' })
    expect(unwrap(await createDomain(work, asked))).toMatchObject({ missing: [], failure: null })
    expect(work.cache.read(name)?.records).toBeNull()
  })

  test('that dimail refuses leaves nothing here but a row of the journal', async () => {
    const work = await openWorkspace()
    work.sandbox.answerNext(/^POST \/domains\//, { answer: { status: 422, body: '{"detail":"no"}' } })
    expect(await createDomain(work, asked)).toMatchObject({ failure: { code: 'refused', reason: 'invalid' } })
    expect(work.cache.read(name)).toBeNull()
    expect(await work.desk.setups.list(null)).toEqual([])
    expect(await work.desk.towns.list(null)).toEqual([])
    expect(await journal(work)).toEqual(['domain.create failed'])
  })
})

describe('when a call after the creation fails,', () => {
  test.each([
    ['the first check', /\/check$/, ['check', 'records']],
    ['the records', /\/spec\/$/, ['records']],
  ] as const)(
    'dimail D7: be it %s, the creator is owner and finishing does just what is missing',
    async (_what, call, missing) => {
      const work = await openWorkspace()
      const correct = work.sandbox.answerNext(call, { cut: 'before' }, 9)
      const setup = unwrap(await createDomain(work, asked))
      expect(setup).toMatchObject({ missing, failure: { code: 'offline' } })
      expect(await owners(work)).toEqual(['agent-fictif owner'])
      expect(await work.desk.setups.get(name)).toEqual(setup)
      expect(work.cache.read(name)).not.toBeNull()
      if (missing.length === 2) expect(work.cache.read(name)?.row.status).toBe('failed')

      correct()
      const before = work.sandbox.requests.length
      const finished = unwrap(await finishDomain(work, name))
      expect(finished).toMatchObject({ missing: [], failure: null })
      const after = work.sandbox.requests
        .slice(before)
        .map(({ path }) => path.split('/').filter(Boolean).at(-1))
      expect(new Set(after)).toEqual(new Set(missing.map((step) => (step === 'records' ? 'spec' : step))))
      expect(posts(work)).toBe(1)
      expect(await work.desk.setups.list(null)).toEqual([])
      expect(await finishDomain(work, name)).toMatchObject({
        failure: { code: 'not-found', reason: 'setup' },
      })
    },
  )
})

const retry = (again: typeof createDomain | typeof finishDomain, work: OpenWorkspace) =>
  again === createDomain ? createDomain(work, asked) : finishDomain(work, name)

describe('a creation whose answer', () => {
  test.each([
    ['faults 37: is lost after it was done', { cut: 'after' } as const],
    ['faults 37: is cut in its middle', { cut: 'mid-body' } as const],
  ])('%s is read at dimail, and goes on', async (_title, fault) => {
    const work = await openWorkspace()
    work.sandbox.answerNext(/^POST \/domains\//, fault)
    expect(unwrap(await createDomain(work, asked))).toMatchObject({ missing: [], failure: null })
    expect(posts(work)).toBe(1)
    expect(await owners(work)).toEqual(['agent-fictif owner'])
    expect(await journal(work)).toEqual(['domain.create done', 'access.grant done'])
  })

  test('faults 37: is lost before it was done is read at dimail, and told as not created', async () => {
    const work = await openWorkspace()
    work.sandbox.answerNext(/^POST \/domains\//, { cut: 'before' })
    expect(await createDomain(work, asked)).toMatchObject({
      failure: { code: 'not-possible', reason: 'not-created' },
    })
    expect(posts(work)).toBe(1)
    expect(work.cache.read(name)).toBeNull()
    expect(await work.desk.setups.list(null)).toEqual([])
    expect(await journal(work)).toEqual(['domain.create failed'])
    expect(unwrap(await createDomain(work, asked))).toMatchObject({ missing: [] })
  })

  test('is a 500 after which the domain is there all the same is a creation', async () => {
    const work = await openWorkspace()
    work.sandbox.answerNext(/^POST \/domains\//, {
      applied: true,
      answer: { status: 500, body: 'Internal Server Error' },
    })
    expect(unwrap(await createDomain(work, asked))).toMatchObject({ missing: [] })
    expect(posts(work)).toBe(1)
  })

  test('faults 38: is lost while nobody can tell stays in doubt, and is settled by the next start', async () => {
    const path = folder()
    const first = await openWorkspace()
    const work = workspaceOf(first.sandbox, first.dimail, path)
    work.sandbox.answerNext(/^POST \/domains\//, { cut: 'after' })
    const answerAgain = work.sandbox.answerNext(/^GET \/domains\//, { cut: 'before' }, 20)
    expect(await createDomain(work, asked)).toMatchObject({ failure: { code: 'unknown-outcome' } })
    expect(await work.desk.setups.get(name)).toMatchObject({ failure: { code: 'unknown-outcome' } })

    answerAgain()
    const later = await restarted(work, path)
    expect(posts(later)).toBe(1)
    await expectWhole(later)
  })

  test.each([
    ['created', createDomain],
    ['finished', finishDomain],
  ] as const)(
    'faults 38: stays in doubt is read before another leaves, when it is %s again',
    async (_how, again) => {
      const work = await openWorkspace()
      work.sandbox.answerNext(/^POST \/domains\//, { cut: 'after' })
      const answerAgain = work.sandbox.answerNext(/^GET \/domains\//, { answer: { status: 500 } }, 50)
      expect(await createDomain(work, asked)).toMatchObject({ failure: { code: 'unknown-outcome' } })
      expect(await retry(again, work)).toMatchObject({ failure: { code: 'unknown-outcome' } })
      expect(posts(work)).toBe(1)
      answerAgain()
      expect(unwrap(await retry(again, work))).toMatchObject({ missing: [], failure: null })
      expect(posts(work)).toBe(1)
      expect(await journal(work)).toEqual(['domain.create done', 'access.grant done'])
    },
  )
})

describe('a domain that exists at dimail', () => {
  test('dimail D7: is told as such when it is created, and taken up when the agent says so', async () => {
    const work = await openWorkspace()
    const there = work.named('enabled')
    const want = { name: there, supportEmail: null }
    expect(await createDomain(work, want)).toMatchObject({
      failure: { code: 'conflict', reason: 'domain-at-dimail' },
    })
    expect(await work.desk.setups.list(null)).toEqual([])
    expect(work.cache.read(there)).toBeNull()
    expect(unwrap(await adoptDomain(work, want))).toMatchObject({ adopted: true, missing: [], failure: null })
    expect(work.cache.read(there)).toMatchObject({ row: { status: 'enabled' }, gone: false })
    expect(work.cache.read(there)?.records).not.toBeNull()
    expect(await owners(work, there)).toEqual(['agent-fictif owner'])
    expect(await journal(work, there)).toEqual([
      'domain.create failed',
      'domain.adopt done',
      'access.grant done',
    ])
    expect(posts(work)).toBe(1)
    expect(await adoptDomain(work, want)).toMatchObject({ failure: { reason: 'domain-known' } })
  })

  test('is not adopted when there is none', async () => {
    const work = await openWorkspace()
    expect(await adoptDomain(work, asked)).toMatchObject({ failure: { code: 'not-found', reason: 'domain' } })
    expect(await work.desk.setups.list(null)).toEqual([])
    expect(await journal(work)).toEqual([])
  })

  test.each([
    ['was made', { cut: 'after' }, 'done', ['domain.create done', 'domain.adopt done', 'access.grant done']],
    ['was not made', { cut: 'before' }, 'not-found', ['domain.create failed']],
  ] as const)(
    'settles a creation in doubt that %s, when it is taken up instead',
    async (_title, fault, outcome, rows) => {
      const work = await openWorkspace()
      work.sandbox.answerNext(/^POST \/domains\//, fault)
      const answerAgain = work.sandbox.answerNext(/^GET \/domains\//, { answer: { status: 500 } }, 50)
      expect(await createDomain(work, asked)).toMatchObject({ failure: { code: 'unknown-outcome' } })
      // Nobody can tell yet: the doubt is kept, to be settled later.
      expect(await adoptDomain(work, asked)).toMatchObject({ failure: { code: 'server-error' } })
      expect(await work.desk.setups.get(name)).toMatchObject({ adopted: false })
      answerAgain()
      const adopted = await adoptDomain(work, asked)
      expect(adopted.ok ? 'done' : adopted.failure.code).toBe(outcome)
      expect(await work.desk.inDoubt()).toEqual([])
      expect(await journal(work)).toEqual(rows)
      expect(await work.desk.setups.list(null)).toEqual([])
    },
  )
})

/** The same data after a kill: what the program does at its start. */
async function restarted(work: OpenWorkspace, path: string): Promise<OpenWorkspace> {
  const { url, username, password } = work.sandbox
  const later = workspaceOf(
    work.sandbox,
    clientOf(url, { credentials: () => ({ username, password }) }),
    path,
  )
  await later.desk.settleAbandoned(later.now())
  await settleRightsDoubts(later)
  await settleSetupDoubts(later)
  return later
}

async function expectWhole(work: OpenWorkspace, domain = name) {
  expect(await work.desk.setups.list(null)).toEqual([])
  expect(await work.desk.inDoubt()).toEqual([])
  expect(await owners(work, domain)).toEqual(['agent-fictif owner'])
  expect(await work.desk.towns.get(domain)).not.toBeNull()
  expect(work.cache.read(domain)?.row.checkedAt).not.toBeNull()
  expect(work.cache.read(domain)?.records).not.toBeNull()
}

/** A thing that dies, with all that belongs to it, after so many calls. */
function mortal<T extends object>(thing: T, tick: () => void): T {
  return new Proxy(thing, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value === 'function')
        return (...given: unknown[]) => {
          tick()
          return Reflect.apply(value, target, given)
        }
      return typeof value === 'object' && value !== null ? mortal(value, tick) : value
    },
  })
}

class Killed extends Error {}

/** The same workspace, killed after so many calls to its stores and to dimail. */
function killedAfter(calls: number, work: OpenWorkspace): OpenWorkspace {
  let left = calls
  const tick = () => {
    if (left-- <= 0) throw new Killed()
  }
  const [desk, cache, dimail] = [work.desk, work.cache, work.dimail].map((one) => mortal(one, tick))
  return { ...work, ...{ desk, cache, dimail } } as OpenWorkspace
}

/** Whether `act` came to its end before the kill. */
async function survives(act: Promise<unknown>): Promise<boolean> {
  try {
    await act
    return true
  } catch (error) {
    if (error instanceof Killed) return false
    throw error
  }
}

test('dimail D7: a kill anywhere in a creation loses nothing and creates nothing twice', async () => {
  const { sandbox, dimail } = await openWorkspace()
  const outcomes: string[] = []
  for (let calls = 0, finished = false; !finished; calls++) {
    const domain = `tuee-${calls}.example`
    const path = folder()
    const work = workspaceOf(sandbox, dimail, path)
    const want = { name: domain, supportEmail: `mairie@${domain}` }
    finished = await survives(createDomain(killedAfter(calls, work), want))
    const later = await restarted(work, path)
    const rows = await journal(later, domain)
    if (sandbox.world.domain(domain)) {
      outcomes.push('created')
      await expectWhole(later, domain)
      expect(rows).toContain('domain.create done')
    } else {
      outcomes.push(rows.length > 0 ? 'told' : 'not begun')
      expect(await later.desk.setups.list(null)).toEqual([])
      expect(await later.desk.inDoubt()).toEqual([])
      expect(rows.filter((row) => row !== 'domain.create failed')).toEqual([])
    }
  }
  const made = sandbox.world.names().filter((one) => one.startsWith('tuee-'))
  expect(sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(made.length)
  expect(new Set(outcomes)).toEqual(new Set(['not begun', 'told', 'created']))
  expect(outcomes.length).toBeGreaterThan(15)
})

test('dimail D7: a kill anywhere in the taking up of a domain is made good by the next start', async () => {
  const { sandbox, dimail, named } = await openWorkspace()
  const outcomes: string[] = []
  for (let calls = 0, finished = false; !finished; calls++) {
    const domain = named('enabled', calls % 10)
    const path = folder()
    const work = workspaceOf(sandbox, dimail, path)
    const want = { name: domain, supportEmail: `mairie@${domain}` }
    finished = await survives(adoptDomain(killedAfter(calls, work), want))
    const later = await restarted(work, path)
    if (later.cache.read(domain)) {
      outcomes.push('taken up')
      await expectWhole(later, domain)
    } else {
      outcomes.push('not begun')
      expect(await journal(later, domain)).toEqual([])
    }
    expect(await later.desk.setups.list(null)).toEqual([])
  }
  expect(new Set(outcomes)).toEqual(new Set(['not begun', 'taken up']))
  expect(sandbox.requests.filter(({ method }) => method === 'POST')).toEqual([])
})

describe('what is typed', () => {
  test('is previewed without a call: as dimail will have it, and as people read it', async () => {
    const work = await openWorkspace()
    unwrap(await refreshFleet(work, false))
    const calls = work.sandbox.requests.length
    expect(previewDomain(work, ' Saint-Étienne-fictif.example ')).toEqual({
      ascii: 'xn--saint-tienne-fictif-gzb.example',
      unicode: 'saint-étienne-fictif.example',
      known: false,
      failure: null,
    })
    expect(previewDomain(work, work.named('enabled').toUpperCase())).toMatchObject({
      known: true,
      failure: null,
    })
    expect(previewDomain(work, 'pas un nom')).toMatchObject({ ascii: '', failure: { code: 'invalid' } })
    expect(work.sandbox.requests).toHaveLength(calls)
  })

  test('as a support address is kept, changed and taken away', async () => {
    const work = await openWorkspace()
    unwrap(await refreshFleet(work, false))
    const domain = work.named('enabled')
    const set = (email: string | null) => setSupportEmail(work, { name: domain.toUpperCase(), email })
    expect(await set('Accueil@Mairie.example')).toEqual({ ok: true, value: domain })
    expect(await work.desk.towns.get(domain)).toEqual({
      name: domain,
      supportEmail: 'accueil@mairie.example',
    })
    expect(await set('pas une adresse')).toMatchObject({ failure: { code: 'invalid' } })
    unwrap(await set(''))
    expect(await work.desk.towns.get(domain)).toBeNull()
    expect(await setSupportEmail(work, { name: 'inconnue.example', email: null })).toMatchObject({
      failure: { code: 'not-found', reason: 'domain' },
    })
  })
})
