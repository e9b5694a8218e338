import { describe, expect, test, vi } from 'vitest'
import type { Answer, Entitlements, Told } from '../../main/entitlements/entitlements.ts'
import type { Known } from '../../main/entitlements/plan.ts'
import { createRightsSync } from '../../main/entitlements/sync.ts'
import { arriveAt, isSupport } from '../../main/profiles/arrival.ts'
import type { Identity } from '../../main/session/identity.ts'
import type { Desk } from '../../main/store/desk.ts'
import { failed, unwrap } from '../../preload/failure.ts'
import type { Access, Person, Role } from '../../preload/people-shapes.ts'
import { openDeskIn } from '../fakes/stores.ts'

const lou: Person = { id: 'sujet-de-lou', name: 'Lou Panais', email: 'lou@valmont.example', support: false }
const subject = { sub: lou.id, email: lou.email, claims: {} }
const account = { organization: null, operator: null, potentialOperators: [] }
const told: Told = { canAccess: true, reason: null, account, answeredAt: 5, stale: null }
const list = (...domains: string[]): Answer => ({ kind: 'list', domains, unreadable: 0, ...told })
const empty: Answer = { kind: 'empty-list', ...told }
const staying = new AbortController().signal
const outage: Answer = {
  kind: 'unavailable',
  trouble: failed('timeout', 'deploycenter', 'No answer.').failure,
}

const accessOf = (domain: string, role: Role, person = lou.id): Access => ({
  domain,
  person,
  name: person,
  email: null,
  role,
  by: 'agent',
  at: 1,
})

/** A desk where these accesses are held, and a DeployCenter that answers what the test says. */
async function open(...accesses: Access[]) {
  const desk = openDeskIn()
  await desk.accesses.addAll(
    accesses.map((value) => ({ key: `${value.domain} ${value.person}`, domain: value.domain, value })),
  )
  const answers = { now: list() as Answer, forced: 0, emails: [] as (string | null)[] }
  const places = new Map<string, Known>()
  let written = 0
  const broken: unknown[] = []
  const entitlements: Entitlements = {
    async read({ email }, force) {
      answers.emails.push(email)
      if (force) answers.forced++
      return answers.now
    },
    quota: async () => failed('offline', 'deploycenter', 'Not asked here.'),
    close: () => {},
  }
  const sync = (on: Desk = desk, ask?: (signal: AbortSignal) => Promise<unknown>) =>
    createRightsSync({
      entitlements,
      desk: on,
      async whereIs(name, signal) {
        await ask?.(signal)
        return places.get(name) ?? 'here'
      },
      now: () => 1_000,
      written: () => void written++,
      broke: (error) => void broken.push(error),
    })
  const held = async () =>
    (await desk.accesses.list(null)).map(({ domain, person, role }) => `${domain} ${person} ${role}`)
  return { desk, answers, places, sync, held, written: () => written, broken }
}

describe('at a sign-in', () => {
  test('entitlements 29, 47: a list gives its domains; DeployCenter was asked, whatever was known', async () => {
    const { answers, sync, held } = await open()
    answers.now = list('a.example', 'b.example')
    expect((await sync().arrive(subject, lou, staying)).plan).toMatchObject({
      state: 'applied',
      add: ['a.example', 'b.example'],
    })
    expect(await held()).toEqual([`a.example ${lou.id} administrator`, `b.example ${lou.id} administrator`])
    expect(answers.forced).toBe(1)
  })

  test('entitlements 30, 51: what is not listed is taken, and the journal says what, from whom and by whom', async () => {
    const { answers, sync, held, desk } = await open(
      accessOf('a.example', 'administrator'),
      accessOf('b.example', 'administrator'),
    )
    answers.now = list('a.example')
    await sync().arrive(subject, lou, staying)
    expect(await held()).toEqual([`a.example ${lou.id} administrator`])
    expect(await desk.journal({ subject: 'b.example', limit: 5 })).toMatchObject([
      { action: 'access.remove', target: lou.id, actor: 'deploycenter', state: 'done' },
    ])
  })

  test('entitlements 37: a list that is held already writes nothing at all', async () => {
    const { answers, sync, desk, written } = await open(accessOf('a.example', 'administrator'))
    answers.now = list('a.example')
    expect((await sync().arrive(subject, lou, staying)).plan.state).toBe('unchanged')
    expect([await desk.journal({ subject: null, limit: 5 }), written()]).toEqual([[], 0])
  })

  test.each<[string, Answer]>([
    ['32: no list', { kind: 'not-provided', ...told }],
    ['33: an outage', outage],
    ['39: something else than a list', { kind: 'invalid', type: 'string', ...told }],
    [
      '22: an earlier list, since none came',
      { ...list('b.example'), stale: failed('offline', 'deploycenter', 'x').failure } as Answer,
    ],
  ])('entitlements %s changes nothing', async (_title, answer) => {
    const { answers, sync, held } = await open(accessOf('a.example', 'administrator'))
    answers.now = answer
    expect((await sync().arrive(subject, lou, staying)).plan.state).toBe('kept')
    expect(await held()).toEqual([`a.example ${lou.id} administrator`])
  })

  test('entitlements 35: what dimail does not know is never created; what it could not be asked about comes later', async () => {
    const { answers, places, sync, held } = await open()
    places.set('inconnu.example', 'unknown').set('muet.example', 'unchecked')
    answers.now = list('inconnu.example', 'muet.example')
    const rights = sync()
    const { plan } = await rights.arrive(subject, lou, staying)
    expect(plan).toMatchObject({ add: [], unknown: ['inconnu.example'], unchecked: ['muet.example'] })
    expect(await held()).toEqual([])
    places.set('muet.example', 'here')
    expect((await rights.again())?.plan).toMatchObject({ state: 'applied', add: ['muet.example'] })
    expect(await held()).toEqual([`muet.example ${lou.id} administrator`])
    expect(await rights.again()).toBeNull()
  })

  test('entitlements 48: what cannot be written is not written in part, and the agent is told', async () => {
    const { answers, desk, sync, held, broken } = await open(accessOf('a.example', 'administrator'))
    answers.now = list('b.example')
    const full: Desk = { ...desk, changeAccesses: () => Promise.reject(new Error('SQLITE_FULL')) }
    const { plan } = await sync(full).arrive(subject, lou, staying)
    expect(plan).toMatchObject({
      state: 'failed',
      trouble: { code: 'storage', reason: 'rights-not-written' },
    })
    expect([await held(), broken.length]).toEqual([[`a.example ${lou.id} administrator`], 1])
  })

  test('an access that somebody gives meanwhile is seen: the plan is made again from it', async () => {
    const { answers, desk, sync, held } = await open()
    answers.now = list('a.example')
    let first = true
    const busy: Desk = {
      ...desk,
      async changeAccesses(changes, by) {
        if (first) await desk.accesses.put(`a.example ${lou.id}`, 'a.example', accessOf('a.example', 'owner'))
        first = false
        return desk.changeAccesses(changes, by)
      },
    }
    expect((await sync(busy).arrive(subject, lou, staying)).plan.state).toBe('unchanged')
    expect(await held()).toEqual([`a.example ${lou.id} owner`])
  })
})

describe('an empty list that would take everything', () => {
  const opened = async () => {
    const all = await open(accessOf('a.example', 'administrator'), accessOf('b.example', 'viewer'))
    all.answers.now = empty
    const rights = all.sync()
    return { ...all, rights, ...(await rights.arrive(subject, lou, staying)) }
  }

  test('entitlements 31: asks first; agreed to, it takes the administrator’s access and no other', async () => {
    const { plan, rights, held } = await opened()
    expect(plan).toMatchObject({ state: 'asks', remove: ['a.example'] })
    expect(await held()).toHaveLength(2)
    expect(unwrap(await rights.apply(plan.id)).plan).toMatchObject({
      state: 'applied',
      remove: ['a.example'],
    })
    expect(await held()).toEqual([`b.example ${lou.id} viewer`])
  })

  test('left alone it takes nothing, and is not asked about again by itself', async () => {
    const { plan, rights, held } = await opened()
    expect(unwrap(await rights.decline(plan.id)).state).toBe('kept')
    expect(await rights.again()).toBeNull()
    expect(await held()).toHaveLength(2)
  })

  test('is applied as shown, or not: another reading has another number', async () => {
    const { plan, rights } = await opened()
    unwrap(await rights.plan())
    expect(await rights.apply(plan.id)).toMatchObject({
      failure: { code: 'not-found', reason: 'rights-plan' },
    })
    rights.leave()
    expect(await rights.plan()).toMatchObject({ failure: { code: 'not-possible', reason: 'no-rights' } })
  })
})

describe('what was asked for one agent', () => {
  const ange: Person = { id: 'sujet-d-ange', name: 'Ange Fenouil', email: null, support: false }

  test('faults 77: comes to nothing once they have left, and is never shown to the next', async () => {
    const { answers, sync, held } = await open()
    answers.now = list('a.example')
    const asked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const coming = [...asked]
    const rights = sync(undefined, () => coming.shift()?.promise ?? Promise.resolve())
    const leaving = new AbortController()
    const late = rights.arrive(subject, lou, leaving.signal)
    await new Promise((resolve) => setImmediate(resolve))
    leaving.abort()
    const next = rights.arrive({ ...subject, sub: ange.id }, ange, staying)
    asked[1]?.resolve()
    await next
    asked[0]?.resolve()
    await late
    expect(await held()).toEqual([`a.example ${ange.id} administrator`])
    answers.now = list('a.example', 'b.example')
    await rights.plan()
    unwrap(await rights.apply(3))
    expect(await held()).toEqual([`a.example ${ange.id} administrator`, `b.example ${ange.id} administrator`])
  })

  test('faults 77: is not looked at again for the next one', async () => {
    const { answers, places, sync } = await open()
    answers.now = list('a.example')
    places.set('a.example', 'unchecked')
    const asked = Promise.withResolvers<void>()
    let isSlow = false
    const rights = sync(undefined, () => (isSlow ? asked.promise : Promise.resolve()))
    await rights.arrive(subject, lou, staying)
    isSlow = true
    const again = rights.again()
    await new Promise((resolve) => setImmediate(resolve))
    rights.leave()
    asked.resolve()
    expect(await again).toBeNull()
    expect(await rights.plan()).toMatchObject({ failure: { reason: 'no-rights' } })
  })
})

describe('a list that is no longer fresh', () => {
  const missed = async () => {
    const all = await open()
    all.answers.now = list('muet.example')
    all.places.set('muet.example', 'unchecked')
    const rights = all.sync()
    await rights.arrive(subject, lou, staying)
    all.places.set('muet.example', 'here')
    return { ...all, rights }
  }
  const old = (...domains: string[]): Answer =>
    ({ ...list(...domains), stale: failed('offline', 'deploycenter', 'x').failure }) as Answer

  test('entitlements 36: grants nothing hours later: DeployCenter is asked what it says now', async () => {
    const { answers, rights, held } = await missed()
    answers.now = list('autre.example')
    expect((await rights.again())?.plan).toMatchObject({ state: 'applied', add: ['autre.example'] })
    expect(await held()).toEqual([`autre.example ${lou.id} administrator`])
  })

  test('entitlements 22: waits while DeployCenter does not answer', async () => {
    const { answers, rights, held } = await missed()
    for (const answer of [outage, old('muet.example')]) {
      answers.now = answer
      expect([await rights.again(), await held()]).toEqual([null, []])
    }
    answers.now = list('muet.example')
    expect((await rights.again())?.plan).toMatchObject({ state: 'applied', add: ['muet.example'] })
  })

  test('entitlements 22, 31: agreed to hours later, it is another list that is shown, or none that is applied', async () => {
    const { answers, sync, held } = await open(accessOf('a.example', 'administrator'))
    answers.now = empty
    const rights = sync()
    const { plan } = await rights.arrive(subject, lou, staying)
    answers.now = list('a.example', 'b.example')
    const shown = unwrap(await rights.apply(plan.id)).plan
    expect(shown).toMatchObject({ state: 'planned', add: ['b.example'], remove: [] })
    expect(await held()).toEqual([`a.example ${lou.id} administrator`])
    answers.now = old('a.example', 'b.example')
    expect(unwrap(await rights.apply(shown.id)).plan.state).toBe('kept')
    expect(await held()).toEqual([`a.example ${lou.id} administrator`])
  })

  test('entitlements 33: a dimail that answers nothing holds a sign-in up for a while and no longer', async () => {
    const { answers, sync } = await open()
    answers.now = list(...Array.from({ length: 30 }, (_, n) => `d${n}.example`))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const never = (signal: AbortSignal) =>
        new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      const arriving = sync(undefined, never).arrive(subject, lou, staying)
      await vi.advanceTimersByTimeAsync(20_000)
      expect((await arriving).plan.state).toBe('applied')
    } finally {
      vi.useRealTimers()
    }
  }, 2_000)
})

const identity: Identity = {
  sub: lou.id,
  issuer: 'https://connexion.example',
  name: lou.name,
  email: lou.email,
  emailVerified: true,
  claims: { roles: ['support', 'autre'] },
}

describe('whoever arrives', () => {
  async function arrive(answer: Answer, change: Partial<Identity> = {}) {
    const all = await open()
    all.answers.now = answer
    const { desk, sync } = all
    const invitation = {
      id: 'i',
      domain: 'c.example',
      email: 'lou@valmont.example',
      role: 'viewer',
      by: 'x',
      createdAt: 1,
      expiresAt: 9_999_999,
    } as const
    await desk.invitations.put('c.example lou@valmont.example', 'c.example', invitation)
    const deps = {
      desk,
      now: () => 1_000,
      sync: sync(),
      readFlags: async () => ({ flags: { create: true, manageAccesses: true }, failure: null }),
    }
    const who = { ...identity, ...change }
    const arrival = await arriveAt(
      deps,
      who,
      { ...lou, email: who.emailVerified ? lou.email : null },
      staying,
    )
    return { ...all, arrival }
  }

  test('entitlements 33: gets in through an outage, with the rights they had', async () => {
    const { arrival } = await arrive(outage)
    expect(arrival).toMatchObject({
      refusal: null,
      plan: { state: 'kept', trouble: { reason: 'deploycenter' } },
    })
  })

  test('is closed out by DeployCenter’s own word, and what waited for them waits on', async () => {
    const { arrival, desk } = await arrive({
      kind: 'not-provided',
      ...told,
      canAccess: false,
      reason: 'not_activated',
    })
    expect(arrival.refusal).toMatchObject({ reason: 'not_activated', account })
    expect(await desk.invitations.list(null)).toHaveLength(1)
  })

  test.each([
    ['is not closed out by an answer that cannot be read', null],
    ['gets in', true],
  ])('%s: can_access %s', async (_title, canAccess) => {
    expect((await arrive({ ...list(), ...told, canAccess } as Answer)).arrival.refusal).toBeNull()
  })

  test('finds their invitation turned into an access, unless the provider says that the address is not proven', async () => {
    const proven = await arrive(list('a.example'))
    expect(await proven.held()).toEqual([`a.example ${lou.id} administrator`, `c.example ${lou.id} viewer`])
    const unproven = await arrive(list('a.example'), { emailVerified: false })
    expect(await unproven.held()).toEqual([`a.example ${lou.id} administrator`])
    expect(await unproven.desk.people.get(lou.id)).toMatchObject({ email: null })
    expect(unproven.answers.emails).toEqual([null])
  })

  test.each([
    [
      'as the provider writes it, since DeployCenter minds its case',
      ' Lou@Valmont.example',
      'Lou@Valmont.example',
    ],
    ['as it is known, when the claim is of somebody else or of no text', 'ange@valmont.example', lou.email],
    ['as it is known, when the claim is a list', ['lou@valmont.example'], lou.email],
  ])('is asked about by their address %s', async (_title, email, asked) => {
    const { answers } = await arrive(list('a.example'), { claims: { email } })
    expect(answers.emails).toEqual([asked])
  })

  test('works on every domain when the profile or a verified claim says so, and not otherwise', () => {
    const claim = (value: string) => ({ kind: 'claim', claim: 'roles', value }) as const
    expect(isSupport({ kind: 'all' }, {})).toBe(true)
    expect(isSupport({ kind: 'entitled' }, identity.claims)).toBe(false)
    expect(isSupport(claim('support'), identity.claims)).toBe(true)
    expect(isSupport(claim('support'), { roles: 'support' })).toBe(true)
    for (const roles of ['supporter', ['supporter'], [['support']], null, { support: true }, 1])
      expect(isSupport(claim('support'), { roles })).toBe(false)
    expect(isSupport(claim('support'), {})).toBe(false)
  })
})
