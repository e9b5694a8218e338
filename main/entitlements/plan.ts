import { domainToASCII, domainToUnicode } from 'node:url'
import { type Failure, failed } from '../../preload/failure.ts'
import type { Access, Person } from '../../preload/people-shapes.ts'
import type { RightsPlan } from '../../preload/session-shapes.ts'
import { normaliseDomain } from '../dimail/names.ts'
import type { AccessChange } from '../store/access-changes.ts'
import type { Answer } from './entitlements.ts'

export type Known = 'here' | 'unknown' | 'unchecked'
export type PlannedRights = {
  plan: Omit<RightsPlan, 'id'>
  /** All of them or none, in one transaction. Of a plan that `asks`: once the agent has agreed. */
  changes: readonly AccessChange[]
}
export type PlanInput = {
  answer: Answer
  person: Pick<Person, 'id' | 'name' | 'email'>
  /** What this person has on the desk; the accesses of others are left aside. */
  accesses: readonly Access[]
  /** Whether a domain, given by its normal name, exists at dimail; `unchecked`: dimail could not be asked. */
  known: (name: string) => Known
  at: number
  /** Who gives these rights, in the journal. */
  by: string
}

/**
 * What an answer of DeployCenter changes of the rights of this person (docs/entitlements.md 5). Pure. Only a list that
 * has just come changes anything, and of roles only that of administrator is given and taken.
 */
export function planRights(input: PlanInput): PlannedRights {
  const { answer, at } = input
  const plan = { ...about(answer), at, ...nothing }
  const isList = answer.kind === 'list' || answer.kind === 'empty-list'
  if (!isList || answer.stale !== null) return { plan: { ...plan, state: 'kept' }, changes: [] }
  const given = answer.kind === 'list' ? answer.domains : []
  const entitled = entitledNames(given)
  const mine = accessesByName(input)
  const { changes, unknown, unchecked } = grants(entitled, mine, input)
  const removed = [...mine].filter(
    ([name, { role }]) => role === 'administrator' && !entitled.byName.has(name),
  )
  const taken = removed.map(([, was]): AccessChange => ({ action: 'access.remove', was, wanted: null }))
  const all = [...changes, ...taken]
  // Nothing that names a domain: perhaps another spelling of the e-mail address, and not a decision (docs/entitlements.md 4).
  const asks = entitled.byName.size === 0 && taken.length > 0
  return {
    plan: {
      ...plan,
      state: asks ? 'asks' : all.length === 0 ? 'unchanged' : 'planned',
      add: changes.flatMap(({ wanted }) => (wanted === null ? [] : [wanted.domain])),
      remove: removed.map(([, { domain }]) => domain),
      unknown,
      unchecked,
      differs: differing(entitled, mine, input.known),
      unreadable: entitled.unreadable + (answer.kind === 'list' ? answer.unreadable : 0),
    },
    changes: all,
  }
}

const nothing = { add: [], remove: [], unknown: [], unchecked: [], differs: [], unreadable: 0 }

function about(answer: Answer) {
  if (answer.kind === 'unavailable') {
    const { trouble } = answer
    return { answer: answer.kind, reason: null, trouble, answeredAt: null, stale: false, account: null }
  }
  const { kind, reason, answeredAt, stale, account } = answer
  const trouble = stale ?? (answer.kind === 'invalid' ? wrongType(answer.type) : null)
  return { answer: kind, reason, trouble, answeredAt, stale: stale !== null, account }
}

const wrongType = (type: string): Failure =>
  failed('bad-response', 'deploycenter-list', 'In place of a list of domains came something else.', { type })
    .failure

type Entitled = { byName: ReadonlyMap<string, readonly string[]>; unreadable: number }
type Mine = ReadonlyMap<string, Access>

/** The normal names of a list, each with how it was written. */
function entitledNames(given: readonly string[]): Entitled {
  const byName = new Map<string, string[]>()
  let unreadable = 0
  for (const text of new Set(given)) {
    const name = entitledName(text)
    if (name === null) unreadable++
    else byName.set(name, [...(byName.get(name) ?? []), text])
  }
  return { byName, unreadable }
}

/**
 * The domain that an entry of the list names, or null. A to Z are lower-cased, and an internationalised name becomes
 * its A-label (UTS 46) provided that nothing else was folded: KELVIN SIGN, a wide letter or a ligature, which UTS 46
 * would turn into ASCII, make another name than the one they look like (docs/entitlements.md 13, 40 to 42).
 */
export function entitledName(text: string): string | null {
  const typed = text.trim()
  if (/[^\p{ASCII}]/u.test(typed) && domainToUnicode(domainToASCII(typed)) !== lowered(typed)) return null
  const name = normaliseDomain(typed)
  return name.ok ? name.value : null
}

/** In lower case, where that turns no other letter into one of ASCII; composed, as UTS 46 has it. */
const lowered = (text: string): string =>
  text
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replace(/[^\p{ASCII}]/gu, (letter) => {
      const lower = letter.toLowerCase()
      return /\p{ASCII}/u.test(lower) ? letter : lower
    })
    .normalize('NFC')

function accessesByName({ accesses, person }: PlanInput): Mine {
  const own = accesses.filter((access) => access.person === person.id)
  return new Map(own.map((access) => [entitledName(access.domain) ?? access.domain, access]))
}

/** Who reads becomes an administrator (case 44); an administrator or an owner is one already. */
function grants({ byName }: Entitled, mine: Mine, { known, person, by, at }: PlanInput) {
  const changes: AccessChange[] = []
  const unknown: string[] = []
  const unchecked: string[] = []
  for (const name of byName.keys()) {
    const was = mine.get(name) ?? null
    if (was !== null && was.role !== 'viewer') continue
    const where = known(name)
    if (where === 'unknown') unknown.push(name)
    else if (where === 'unchecked') unchecked.push(name)
    else {
      const { id, name: called, email } = person
      const place = { domain: was?.domain ?? name, person: id, name: called, email }
      const wanted: Access = { ...place, role: 'administrator', by, at }
      changes.push({ action: was === null ? 'access.grant' : 'access.change', was, wanted })
    }
  }
  return { changes, unknown, unchecked }
}

/** Entries that name a domain of here by another spelling. */
function differing({ byName }: Entitled, mine: Mine, known: PlanInput['known']): RightsPlan['differs'] {
  return [...byName].flatMap(([name, texts]) => {
    const isHere = mine.has(name) || known(name) === 'here'
    return isHere ? texts.filter((text) => text !== name).map((given) => ({ given, known: name })) : []
  })
}
