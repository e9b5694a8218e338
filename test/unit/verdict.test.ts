import { describe, expect, test } from 'vitest'
import { readChecks } from '../../main/dimail/checks.ts'
import { judge, repairEffect } from '../../main/dimail/verdict.ts'
import {
  type Finding,
  isFailing,
  type RepairEffect,
  type RepairState,
  type Status,
} from '../../preload/shapes.ts'

const externals = ['domain_exist', 'mx', 'cname_webmail', 'cname_imap', 'cname_smtp', 'spf', 'dkim']
const internals = ['postfix', 'ox', 'cert', 'webmail_ok']
const keys = [...externals, ...internals]

type Answer = Record<string, unknown>
const error = (code: string) => ({ code, detail: `Texte français de ${code}` })
const good = (key: string) => ({ ok: true, internal: internals.includes(key), errors: [] })
const bad = (key: string, code = 'wrong') => ({ ...good(key), ok: false, errors: [error(code)] })

/** A domain whose every check passes, but for what `changes` says of some keys; undefined takes a key away. */
const answer = (changes: Answer = {}): Answer => ({
  name: 'commune-fictive.example',
  state: 'broken',
  features: ['webmail', 'mailbox'],
  ...Object.fromEntries(keys.map((key) => [key, good(key)])),
  ...changes,
})
const broken = (...failing: string[]) => answer(Object.fromEntries(failing.map((key) => [key, bad(key)])))
const untested = (key: string) => ({
  ok: false,
  internal: internals.includes(key),
  errors: [error('no_test')],
})

type Row = {
  title: string
  raw: Answer
  state?: string
  active?: boolean | null
  previous?: Status | null
  status: Status
  failing?: string[]
  repair?: RepairState
}

const alone: Row[] = keys.map((key) => {
  const external = externals.includes(key)
  return {
    title: `${key} alone fails`,
    raw: broken(key),
    status: external ? 'action_required' : 'failed',
    failing: [key],
    repair: external ? 'external' : 'possible',
  }
})

const rows: Row[] = [
  ...alone,
  {
    title: 'every external check but the delegation fails',
    raw: broken(...externals.slice(1)),
    status: 'action_required',
    failing: externals.slice(1),
    repair: 'external',
  },
  {
    title: 'every internal check fails',
    raw: broken(...internals),
    status: 'failed',
    failing: internals,
    repair: 'possible',
  },
  {
    title: 'one external and one internal check fail',
    raw: broken('mx', 'cert'),
    status: 'action_required',
    failing: ['mx', 'cert'],
    repair: 'external',
  },
  {
    title: 'everything fails: the delegation alone counts',
    raw: broken(...keys),
    status: 'action_required',
    failing: ['domain_exist'],
    repair: 'external',
  },
  {
    title: 'the domain does not exist, and the others claim to be well',
    raw: broken('domain_exist'),
    previous: 'enabled',
    status: 'action_required',
    failing: ['domain_exist'],
    repair: 'external',
  },
  {
    title: 'the existence of the domain cannot be read',
    raw: answer({ domain_exist: { ok: 'peut-être' }, cert: bad('cert') }),
    status: 'action_required',
    failing: ['domain_exist'],
    repair: 'external',
  },
  { title: 'all is well', raw: answer(), state: 'ok', status: 'enabled', failing: [], repair: 'nothing' },
  ...(['pending', 'action_required', 'failed', 'enabled'] as const).map(
    (previous): Row => ({
      title: `state ok brings ${previous} to enabled`,
      raw: answer(),
      state: 'ok',
      previous,
      status: 'enabled',
      repair: 'nothing',
    }),
  ),
  {
    title: 'state ok is believed although a check says otherwise, and the check is shown',
    raw: broken('cert'),
    state: 'ok',
    status: 'enabled',
    failing: ['cert'],
    repair: 'possible',
  },
  ...([null, 'pending', 'action_required', 'failed', 'enabled'] as const).map(
    (previous): Row => ({
      title: `broken with nothing broken leaves ${previous ?? 'a new domain pending'}`,
      raw: answer(),
      previous,
      status: previous ?? 'pending',
      failing: [],
      repair: 'nothing',
    }),
  ),
  ...([null, 'pending', 'enabled', 'failed'] as const).map(
    (previous): Row => ({
      title: `new and never tested leaves ${previous ?? 'a new domain pending'}`,
      raw: answer(Object.fromEntries(keys.map((key) => [key, untested(key)]))),
      state: 'new',
      previous,
      status: previous ?? 'pending',
      failing: [],
      repair: 'unchecked',
    }),
  ),
  {
    title: 'an unknown state decides nothing by itself',
    raw: answer(),
    state: 'en-travaux',
    previous: 'failed',
    status: 'failed',
    repair: 'nothing',
  },
  {
    title: 'an unknown state with a failing check is judged on the check',
    raw: broken('spf'),
    state: 'en-travaux',
    status: 'action_required',
    failing: ['spf'],
    repair: 'external',
  },
  {
    title: 'dimail C5: a failing check without errors fails without a code',
    raw: answer({ mx: { ok: false, internal: false, errors: [] } }),
    status: 'action_required',
    failing: ['mx'],
    repair: 'external',
  },
  {
    title: 'field D4: an internal check without errors is repairable all the same',
    raw: answer({ ox: { ok: false, internal: true, errors: [] } }),
    status: 'failed',
    failing: ['ox'],
    repair: 'possible',
  },
  ...[null, 'boom', 12, { code: 'no_mx' }, undefined].map(
    (errors): Row => ({
      title: `errors that are ${JSON.stringify(errors) ?? 'missing'} are no errors`,
      raw: answer({ mx: { ok: false, internal: false, errors } }),
      status: 'action_required',
      failing: ['mx'],
      repair: 'external',
    }),
  ),
  {
    title: 'dimail L2: all of nothing is not well',
    raw: { name: 'commune-fictive.example', state: 'broken' },
    status: 'pending',
    failing: [],
    repair: 'unchecked',
  },
  {
    title: 'dimail L2: an answer without a single check leaves the status',
    raw: {},
    previous: 'enabled',
    status: 'enabled',
    failing: [],
    repair: 'unchecked',
  },
  {
    title: 'dimail L2: external checks without `internal` still need their owner',
    raw: answer({ spf: { ok: false, errors: [error('no_spf')] } }),
    status: 'action_required',
    failing: ['spf'],
    repair: 'external',
  },
  ...internals.map(
    (key): Row => ({
      title: `${key} without \`internal\` is known to be dimail's own`,
      raw: answer({ [key]: { ok: false, errors: [error('x')] } }),
      status: 'failed',
      failing: [key],
      repair: 'possible',
    }),
  ),
  {
    title: 'booleans written as text, all well',
    raw: answer({ mx: { ok: 'true', internal: 'false', errors: [] }, ox: { ok: 'true', internal: 'true' } }),
    state: 'ok',
    status: 'enabled',
    failing: [],
    repair: 'nothing',
  },
  {
    title: 'booleans written as text, an external check fails',
    raw: answer({ mx: { ok: 'false', internal: 'false', errors: [error('no_mx')] } }),
    status: 'action_required',
    failing: ['mx'],
    repair: 'external',
  },
  {
    title: 'booleans written as text, an internal check fails',
    raw: answer({ ox: { ok: 'false', internal: 'true', errors: [] } }),
    status: 'failed',
    failing: ['ox'],
    repair: 'possible',
  },
  ...['True', 'yes', 'null', 1, 0, null, [], {}].map(
    (ok): Row => ({
      title: `ok: ${JSON.stringify(ok)} is no answer, and counts as failing`,
      raw: answer({ dkim: { ok, internal: false, errors: [] } }),
      status: 'action_required',
      failing: ['dkim'],
      repair: 'external',
    }),
  ),
  ...[{ errors: [] }, 'ok', null, true, []].map(
    (odd): Row => ({
      title: `a known check that is ${JSON.stringify(odd)} is unknown, and counts as failing`,
      raw: answer({ mx: odd }),
      status: 'action_required',
      failing: ['mx'],
      repair: 'external',
    }),
  ),
  {
    title: 'an internal check that cannot be read is repairable',
    raw: answer({ cert: { internal: true } }),
    status: 'failed',
    failing: ['cert'],
    repair: 'possible',
  },
  {
    title: 'a new key with `ok` is a check, external unless it says otherwise',
    raw: answer({ dmarc: { ok: false, errors: [error('no_dmarc')] } }),
    status: 'action_required',
    failing: ['dmarc'],
    repair: 'external',
  },
  {
    title: "a new key that calls itself internal is dimail's own",
    raw: answer({ antivirus: { ok: false, internal: true, errors: [] } }),
    status: 'failed',
    failing: ['antivirus'],
    repair: 'possible',
  },
  {
    title: 'a known key that calls itself internal is believed',
    raw: answer({ dkim: { ok: false, internal: true, errors: [] } }),
    status: 'failed',
    failing: ['dkim'],
    repair: 'possible',
  },
  {
    title: 'other objects, and values named ok, are no checks',
    raw: answer({ quota: { used: 3 }, ok: false, tags: ['ok'] }),
    state: 'ok',
    status: 'enabled',
    failing: [],
    repair: 'nothing',
  },
  {
    title: 'the 2024 dialect without internal checks',
    raw: Object.fromEntries(externals.map((key) => [key, { ok: key !== 'mx', errors: [] }])),
    status: 'action_required',
    failing: ['mx'],
    repair: 'external',
  },
  {
    title: 'tested in part: what failed counts, what was not tested does not',
    raw: answer({ spf: untested('spf'), cert: bad('cert') }),
    status: 'failed',
    failing: ['cert'],
    repair: 'possible',
  },
  {
    title: 'an error besides no_test makes it a failure',
    raw: answer({ spf: { ok: false, internal: false, errors: [error('no_test'), error('no_spf')] } }),
    status: 'action_required',
    failing: ['spf'],
    repair: 'external',
  },
  ...(['ok', 'broken', 'new'] as const).map(
    (state): Row => ({
      title: `not active: disabled, although its state is ${state}`,
      raw: broken('mx'),
      state,
      active: false,
      previous: 'enabled',
      status: 'disabled',
      failing: ['mx'],
      repair: 'disabled',
    }),
  ),
  {
    title: 'dimail S4: a disabled domain found ok does not come back by itself',
    raw: answer(),
    state: 'ok',
    previous: 'disabled',
    status: 'disabled',
    repair: 'disabled',
  },
  {
    title: 'field D3: a disabled domain found broken is shown, and stays disabled',
    raw: broken('cert'),
    previous: 'disabled',
    status: 'disabled',
    failing: ['cert'],
    repair: 'disabled',
  },
  {
    title: 'dimail says that it is active again: enabled',
    raw: answer(),
    state: 'ok',
    active: true,
    previous: 'disabled',
    status: 'enabled',
    repair: 'nothing',
  },
  {
    title: 'active again, and nothing decides: pending',
    raw: answer(),
    active: true,
    previous: 'disabled',
    status: 'pending',
    repair: 'nothing',
  },
  {
    title: 'active again, and broken: judged on its checks',
    raw: broken('ox'),
    active: true,
    previous: 'disabled',
    status: 'failed',
    failing: ['ox'],
    repair: 'possible',
  },
]

describe("a domain's answer becomes a status", () => {
  test.each(rows)('$title', ({ raw, state = 'broken', active = null, previous = null, ...expected }) => {
    const { status, failing, repair } = judge({ state, active, raw }, previous)
    expect({ status, failing, repair }).toEqual({
      status: expected.status,
      failing: expected.failing ?? [],
      repair: expected.repair ?? 'nothing',
    })
  })

  test('the table has at least 60 rows', () => {
    expect(rows.length).toBeGreaterThanOrEqual(60)
    expect(new Set(rows.map((row) => row.title)).size).toBe(rows.length)
  })
})

describe('the checks of an answer', () => {
  test('come in a stable order whatever the order of the keys, external first', () => {
    const raw = answer({ zeta: good('zeta'), alpha: good('alpha') })
    const shuffled = Object.fromEntries(Object.entries(raw).reverse())
    const order = readChecks(raw).map((check) => check.key)
    expect(order).toEqual([...externals, 'alpha', 'zeta', ...internals])
    expect(readChecks(shuffled).map((check) => check.key)).toEqual(order)
  })

  test('say nothing when the domain does not exist', () => {
    const [first, ...others] = readChecks(broken('domain_exist', 'cert'))
    expect(first).toMatchObject({ key: 'domain_exist', state: 'failing' })
    expect(new Set(others.map((check) => check.state))).toEqual(new Set(['not-tested']))
    expect(others.flatMap((check) => check.errors)).toEqual([])
  })

  test("keep dimail's codes and French sentences, and name the codes it left out", () => {
    const errors = [error('wrong_mx'), { detail: 'sans code' }, { code: '', detail: 4 }, 'rien', null]
    const mx = readChecks(answer({ mx: { ok: false, errors } })).find((check) => check.key === 'mx')
    expect(mx?.errors).toEqual([
      error('wrong_mx'),
      { code: 'unknown', detail: 'sans code' },
      { code: 'unknown', detail: '' },
      { code: 'unknown', detail: '' },
      { code: 'unknown', detail: '' },
    ])
  })

  test('are unknown, not failing, when their result cannot be read', () => {
    const check = readChecks(answer({ dkim: { internal: false } })).find(({ key }) => key === 'dkim')
    expect(check).toMatchObject({ state: 'unknown' })
    expect(check && isFailing(check)).toBe(true)
  })
})

const found = (raw: Answer): Finding => {
  const { status, checks } = judge({ state: 'broken', active: null, raw }, null)
  return { status, checks }
}

describe('what a repair changed', () => {
  test.each<{ title: string; before: Answer; after: Answer; effect: RepairEffect }>([
    { title: 'all that failed is well', before: broken('cert', 'ox'), after: answer(), effect: 'repaired' },
    { title: 'half of it works', before: broken('cert', 'ox'), after: broken('cert'), effect: 'partly' },
    { title: 'nothing changed', before: broken('cert'), after: broken('cert'), effect: 'unchanged' },
    { title: 'an external fault appears', before: broken('ox'), after: broken('dkim'), effect: 'revealed' },
    {
      title: 'an external fault beside the old one',
      before: broken('ox'),
      after: broken('ox', 'mx'),
      effect: 'revealed',
    },
    {
      title: 'the domain does not exist any more',
      before: broken('ox'),
      after: broken('domain_exist'),
      effect: 'revealed',
    },
    { title: 'another internal check fails', before: broken('ox'), after: broken('cert'), effect: 'worse' },
    {
      title: 'one more internal check fails',
      before: broken('ox'),
      after: broken('ox', 'cert'),
      effect: 'worse',
    },
    {
      title: 'what failed cannot be read any more',
      before: broken('ox'),
      after: answer({ ox: { internal: true } }),
      effect: 'unchanged',
    },
  ])('$title: $effect', ({ before, after, effect }) => {
    expect(repairEffect(found(before), found(after))).toBe(effect)
  })
})
