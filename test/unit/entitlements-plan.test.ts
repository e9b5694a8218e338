import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Answer } from '../../main/entitlements/entitlements.ts'
import { entitledName, type Known, planRights } from '../../main/entitlements/plan.ts'
import type { AccessChange } from '../../main/store/access-changes.ts'
import { failed } from '../../preload/failure.ts'
import type { Access, Role } from '../../preload/people-shapes.ts'
import { rightsPlan } from '../../preload/session-shapes.ts'

const odile = { id: 'sujet-1', name: 'Odile Exemple', email: 'odile@mairie-fictive.example' }
const [d1, d2] = ['villeneuve-les-etangs.example', 'sdis-valdore.example']
const idn = 'xn--mairie-vry-h7a.example'
const outage = failed('offline', 'deploycenter', 'DeployCenter could not be reached.').failure
const account = { organization: 'Commune de Fiction', operator: null, potentialOperators: [] }
const told = { canAccess: true, reason: null, account, answeredAt: 1000, stale: null }

const list = (...domains: string[]): Answer => ({ kind: 'list', domains, unreadable: 0, ...told })
const empty: Answer = { kind: 'empty-list', ...told }
const notProvided: Answer = { kind: 'not-provided', ...told, reason: 'not_activated', canAccess: false }
const unavailable: Answer = { kind: 'unavailable', trouble: outage }

const has = (domain: string, role: Role = 'administrator', person = odile.id): Access => ({
  domain,
  person,
  name: 'Quelqu’un',
  email: null,
  role,
  by: 'quelqu’un',
  at: 1,
})

const here = [d1, d2, idn, 'domain.example', 'villek.example']
const known = (name: string): Known => (here.includes(name) ? 'here' : 'unknown')
const planOf = (answer: Answer, accesses: Access[], who = known) =>
  planRights({ answer, person: odile, accesses, known: who, at: 5000, by: 'deploycenter' })

/** The desk after a plan was written: the accesses of everybody. */
function written(accesses: readonly Access[], changes: readonly AccessChange[]): Access[] {
  const keyOf = ({ domain, person }: Access) => `${domain} ${person}`
  const rows = new Map(accesses.map((one) => [keyOf(one), one]))
  for (const { was, wanted } of changes) {
    if (was) rows.delete(keyOf(was))
    if (wanted) rows.set(keyOf(wanted), wanted)
  }
  return [...rows.values()]
}
const rowsOf = (accesses: readonly Access[]) => accesses.map(({ domain, role }) => `${role} ${domain}`).sort()

type Row = {
  title: string
  had: Access[]
  answer: Answer
  state: 'planned' | 'unchanged' | 'asks' | 'kept'
  add?: string[]
  remove?: string[]
  rows: string[]
}
const admin = (name: string) => `administrator ${name}`
const table: Row[] = [
  {
    title: '29: a list of two known domains gives both',
    had: [],
    answer: list(d1, d2),
    state: 'planned',
    add: [d1, d2],
    rows: [admin(d1), admin(d2)],
  },
  {
    title: '30: what the list no longer names is taken',
    had: [has(d1), has(d2)],
    answer: list(d1),
    state: 'planned',
    remove: [d2],
    rows: [admin(d1)],
  },
  {
    title: '31: an empty list takes everything, once the agent has agreed',
    had: [has(d1)],
    answer: empty,
    state: 'asks',
    remove: [d1],
    rows: [],
  },
  {
    title: '31: an empty list that takes nothing asks nothing',
    had: [has(d1, 'owner')],
    answer: empty,
    state: 'unchanged',
    rows: [`owner ${d1}`],
  },
  {
    title: '31: a list that names no domain at all asks as an empty one does',
    had: [has(d1)],
    answer: { kind: 'list', domains: ['???'], unreadable: 3, ...told },
    state: 'asks',
    remove: [d1],
    rows: [],
  },
  {
    title: '32: no list takes nothing',
    had: [has(d1)],
    answer: notProvided,
    state: 'kept',
    rows: [admin(d1)],
  },
  {
    title: '33: an outage takes nothing',
    had: [has(d1)],
    answer: unavailable,
    state: 'kept',
    rows: [admin(d1)],
  },
  {
    title: '34: nor does a timeout',
    had: [has(d1)],
    answer: { kind: 'unavailable', trouble: failed('timeout', 'deploycenter', 'Too slow.').failure },
    state: 'kept',
    rows: [admin(d1)],
  },
  { title: '33: an outage gives nothing', had: [], answer: unavailable, state: 'kept', rows: [] },
  {
    title: '33: an earlier list neither gives nor takes',
    had: [has(d1)],
    answer: { kind: 'list', domains: [d2], unreadable: 0, ...told, stale: outage },
    state: 'kept',
    rows: [admin(d1)],
  },
  {
    title: '33: nor does an earlier empty list',
    had: [has(d1)],
    answer: { kind: 'empty-list', ...told, stale: outage },
    state: 'kept',
    rows: [admin(d1)],
  },
  {
    title: '35: a domain that is not known here is never created',
    had: [],
    answer: list('nulle-part.example'),
    state: 'unchanged',
    rows: [],
  },
  {
    title: '36: a list of unknown domains is a list all the same',
    had: [has(d1)],
    answer: list('nulle-part.example'),
    state: 'planned',
    remove: [d1],
    rows: [],
  },
  {
    title: '37: nothing new writes nothing',
    had: [has(d1)],
    answer: list(d1),
    state: 'unchanged',
    rows: [admin(d1)],
  },
  {
    title: '38: a domain listed twice is given once',
    had: [],
    answer: list(d1, d1),
    state: 'planned',
    add: [d1],
    rows: [admin(d1)],
  },
  ...['string', 'object', 'number', 'boolean'].map(
    (type): Row => ({
      title: `39: a ${type} in place of a list changes nothing`,
      had: [has(d1)],
      answer: { kind: 'invalid', type, ...told },
      state: 'kept',
      rows: [admin(d1)],
    }),
  ),
  {
    title: '40: case and spaces do not count',
    had: [],
    answer: list('DOMAIN.example '),
    state: 'planned',
    add: ['domain.example'],
    rows: [admin('domain.example')],
  },
  {
    title: '41: an internationalised name is its A-label',
    had: [has(d1)],
    answer: list('mairie-évry.example', d1),
    state: 'planned',
    add: [idn],
    rows: [admin(d1), admin(idn)],
  },
  {
    title: '42: KELVIN SIGN is no k: nothing is given',
    had: [has(d1)],
    answer: list('ville\u212a.example', d1),
    state: 'unchanged',
    rows: [admin(d1)],
  },
  {
    title: '42: KELVIN SIGN is no k: what is held is not kept by it',
    had: [has('villek.example'), has(d1)],
    answer: list('ville\u212a.example', d1),
    state: 'planned',
    remove: ['villek.example'],
    rows: [admin(d1)],
  },
  {
    title: '43: a viewer and an owner who are not listed stay',
    had: [has(d1, 'viewer'), has(d2, 'owner'), has(idn)],
    answer: list('domain.example'),
    state: 'planned',
    add: ['domain.example'],
    remove: [idn],
    rows: [admin('domain.example'), `owner ${d2}`, `viewer ${d1}`],
  },
  {
    title: '44: a viewer who is listed becomes an administrator',
    had: [has(d1, 'viewer')],
    answer: list(d1),
    state: 'planned',
    add: [d1],
    rows: [admin(d1)],
  },
  {
    title: '44: an owner who is listed stays one',
    had: [has(d1, 'owner')],
    answer: list(d1),
    state: 'unchanged',
    rows: [`owner ${d1}`],
  },
  {
    title: '51: what was given by hand and is not listed is taken',
    had: [has(d1), { ...has(d2), by: 'a-la-main' }],
    answer: list(d1),
    state: 'planned',
    remove: [d2],
    rows: [admin(d1)],
  },
  {
    title: '52: a subscription that was switched off takes nothing',
    had: [has(d1), has(d2)],
    answer: notProvided,
    state: 'kept',
    rows: [admin(d1), admin(d2)],
  },
]

describe('a plan', () => {
  test.each(table)('entitlements $title', ({ had, answer, state, add = [], remove = [], rows }) => {
    const { plan, changes } = planOf(answer, had)
    expect({ state: plan.state, add: plan.add, remove: plan.remove }).toEqual({ state, add, remove })
    expect(rowsOf(written(had, changes))).toEqual(rows.sort())
    expect(rightsPlan.safeParse({ ...plan, id: 1 }).error).toBeUndefined()
  })

  test('entitlements 45: the accesses of others on the same domains are left alone', () => {
    const others = [has(d1, 'administrator', 'sujet-2'), has(d2, 'viewer', 'sujet-3')]
    const { changes } = planOf(list(d2), [...others, has(d1)])
    expect(written([...others, has(d1)], changes)).toEqual(expect.arrayContaining(others))
    expect(changes.flatMap(({ was, wanted }) => [was?.person, wanted?.person])).not.toContain('sujet-2')
  })

  test('entitlements 46: of two sign-ins the second list is what remains', () => {
    const first = written([], planOf(list(d1), []).changes)
    const second = written(first, planOf(list(d2), first).changes)
    expect(rowsOf(second)).toEqual([admin(d2)])
  })

  test('entitlements 48: the changes say what was and what is wanted, for one transaction', () => {
    expect(planOf(list(d1, d2), [has(d1, 'viewer'), has(idn)]).changes).toEqual([
      {
        action: 'access.change',
        was: has(d1, 'viewer'),
        wanted: {
          domain: d1,
          person: odile.id,
          name: odile.name,
          email: odile.email,
          role: 'administrator',
          by: 'deploycenter',
          at: 5000,
        },
      },
      {
        action: 'access.grant',
        was: null,
        wanted: expect.objectContaining({ domain: d2, role: 'administrator' }),
      },
      { action: 'access.remove', was: has(idn), wanted: null },
    ])
  })

  test('what a domain’s name is here, and what it was written as, are both told', () => {
    const { plan } = planOf(list(' Domain.EXAMPLE', 'mairie-évry.example', 'AILLEURS.example', d1), [])
    expect(plan.differs).toEqual([
      { given: ' Domain.EXAMPLE', known: 'domain.example' },
      { given: 'mairie-évry.example', known: idn },
    ])
    expect(plan.unknown).toEqual(['ailleurs.example'])
  })

  test('what is no name is counted, and what cannot be looked at is kept for later', () => {
    const answer: Answer = { kind: 'list', domains: [d1, 'a b', 'x@y.example', ''], unreadable: 2, ...told }
    const { plan, changes } = planOf(answer, [], () => 'unchecked')
    expect(plan).toMatchObject({ state: 'unchanged', unchecked: [d1], unreadable: 5, add: [] })
    expect(changes).toEqual([])
  })

  test('why nothing changes is told', () => {
    expect(planOf(unavailable, []).plan).toMatchObject({ trouble: outage, answeredAt: null, account: null })
    expect(planOf(notProvided, []).plan).toMatchObject({ reason: 'not_activated', trouble: null, account })
    expect(planOf({ kind: 'invalid', type: 'string', ...told }, []).plan).toMatchObject({
      trouble: { code: 'bad-response', reason: 'deploycenter-list', details: { type: 'string' } },
    })
    expect(planOf({ ...empty, stale: outage }, []).plan).toMatchObject({
      stale: true,
      trouble: outage,
      answeredAt: 1000,
    })
  })
})

describe('the name of an entry', () => {
  test.each([
    ['Example.EXAMPLE', 'example.example'],
    ['\tmairie.example.\n', 'mairie.example'],
    ['XN--MAIRIE-VRY-H7A.example', idn],
    ['MAIRIE-ÉVRY.example', idn],
    ['mairie-e\u0301vry.example', idn],
    ['stra\u00dfe.example', 'xn--strae-oqa.example'],
    ['münchen.exam\u212ale', null],
    ['\u212aelvin.example', null],
    ['villeneuve-les-etang\u017f.example', null],
    ['\uff56ille.example', null],
    ['o\ufb03ce.example', null],
    ['mairie\u3002example', null],
    ['mai\u00adrie.example', null],
    ['\u0130le.example', null],
    ['a..example', null],
    ['sans-point', null],
    ['', null],
  ])('entitlements 42: %j is %j', (text, name) => {
    expect(entitledName(text)).toBe(name)
  })

  test('entitlements 42: no letter beyond ASCII makes a name that is all ASCII', () => {
    const folded: string[] = []
    for (let code = 0x80; code < 0x11000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue
      const letter = String.fromCodePoint(code)
      const name = entitledName(`mai${letter}rie.example`)
      if (name !== null && !name.startsWith('xn--')) folded.push(code.toString(16))
    }
    expect(folded).toEqual([])
  })
})

describe('whatever the list and the accesses', () => {
  const names = fc.constantFrom(...here, 'nulle-part.example', 'ailleurs.example')
  const spelt = fc.oneof(
    names,
    names.map((name) => ` ${name.toUpperCase()}`),
    fc.constantFrom('mairie-évry.example', 'ville\u212a.example', '', 'x y', 'a@b.example'),
  )
  const stale = fc.constantFrom(null, outage)
  const answers: fc.Arbitrary<Answer> = fc.oneof(
    fc
      .record({ domains: fc.array(spelt), stale, unreadable: fc.nat(3) })
      .map((given): Answer => ({ kind: 'list', ...told, ...given })),
    stale.map((why): Answer => ({ ...empty, ...told, stale: why })),
    fc.constantFrom(notProvided, unavailable),
    fc.constantFrom('string', 'number').map((type): Answer => ({ kind: 'invalid', type, ...told })),
  )
  const accesses = fc.uniqueArray(
    fc
      .record({
        domain: names,
        role: fc.constantFrom<Role>('viewer', 'administrator', 'owner'),
        person: fc.constantFrom(odile.id, 'sujet-2'),
      })
      .map(({ domain, role, person }) => has(domain, role, person)),
    { selector: ({ domain, person }) => `${domain} ${person}` },
  )

  test('entitlements 37: written twice it changes nothing more', () => {
    fc.assert(
      fc.property(answers, accesses, (answer, had) => {
        const once = written(had, planOf(answer, had).changes)
        expect(planOf(answer, once).changes).toEqual([])
      }),
    )
  })

  test('entitlements 43, 45: nobody else’s row, and no role but viewer and administrator, is touched', () => {
    fc.assert(
      fc.property(answers, accesses, (answer, had) => {
        const after = written(had, planOf(answer, had).changes)
        for (const one of had)
          if (one.person !== odile.id || one.role === 'owner') expect(after).toContainEqual(one)
        // A viewer is raised, and never removed.
        for (const { domain } of had.filter(({ person, role }) => person === odile.id && role === 'viewer'))
          expect(after.some((one) => one.domain === domain && one.person === odile.id)).toBe(true)
      }),
    )
  })

  test('entitlements 35: nothing is given on a domain that is not known here', () => {
    fc.assert(
      fc.property(answers, accesses, (answer, had) => {
        for (const { wanted } of planOf(answer, had).changes)
          if (wanted) expect([here.includes(wanted.domain), wanted.role]).toEqual([true, 'administrator'])
      }),
    )
  })

  test('entitlements 32, 33, 39: only a list that has just come changes anything', () => {
    fc.assert(
      fc.property(answers, accesses, (answer, had) => {
        const isList = answer.kind === 'list' || answer.kind === 'empty-list'
        const { plan, changes } = planOf(answer, had)
        if (isList && answer.stale === null) expect(plan.state).not.toBe('kept')
        else expect([plan.state, changes, plan.add, plan.remove]).toEqual(['kept', [], [], []])
      }),
    )
  })
})
