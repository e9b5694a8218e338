import type { Diagnosis, DnsState, HostForm, Proposal, ZoneChange } from '../../../preload/dns-shapes.ts'
import type { Locale } from '../../../preload/shapes.ts'
import type { DnsHostProfile, hintMoments } from '../../dns/host-shapes.ts'
import { filled, wordsOf } from './words.ts'

type Field = { label: string; value: string }
/** One thing to do, as a template lists it. An empty value is a field to leave empty. */
export type LetterStep = {
  number: number
  act: ZoneChange['act']
  title: string
  why: string
  before: Field[]
  after: Field[]
  /** Of `after`, what differs from `before`. */
  changed: Field[]
}

/** What to do, in the order of the proposal, in the words of the host's page. */
export function letterSteps(
  { changes }: Proposal,
  steps: DnsState['steps'],
  records: Diagnosis['records'],
  locale: Locale,
): LetterStep[] {
  const { acts, losesSender, reasons } = wordsOf(locale)
  return changes.map(({ id, act, facts, reason, serves }, place) => {
    const step = steps.find(({ change }) => change === id)
    if (!step) throw new Error(`The change ${id} has no step`)
    const before = step.before ? fieldsOf(step.before, locale) : []
    const after = step.after ? fieldsOf(step.after, locale) : []
    return {
      number: place + 1,
      act,
      title: filled(acts[act], { type: kindOf(step.before ?? step.after, records, serves, locale) }),
      why:
        facts.loses === undefined
          ? reasons[reason]
          : `${reasons[reason]} ${filled(losesSender, { host: String(facts.loses) })}`,
      before,
      after,
      changed: after.filter(({ label, value }, at) => !isSame(before[at], { label, value })),
    }
  })
}

/** `TXT (SPF)` says more than `TXT`, of which a zone has many. */
function kindOf(
  form: HostForm | null,
  records: Diagnosis['records'],
  serves: readonly string[],
  locale: Locale,
): string {
  const type = form?.type ?? ''
  const served = records.find(({ key, type: own }) => own === type && serves.includes(key))
  return filled(wordsOf(locale).records[served?.kind ?? 'other'], { type })
}

const isSame = (a: Field | undefined, b: Field): boolean => a?.label === b.label && a.value === b.value

function fieldsOf({ type, name, value, priority, labels }: HostForm, locale: Locale): Field[] {
  const called = labels[locale]
  return [
    { label: called.type, value: type },
    { label: called.name, value: name },
    { label: called.value, value },
    ...(priority === null ? [] : [{ label: called.priority, value: String(priority) }]),
  ]
}

type Moment = (typeof hintMoments)[number]

/** The hints of a host that matter for what is typed here. */
export function hintsOf(steps: DnsState['steps'], host: DnsHostProfile, locale: Locale): string[] {
  const typed = steps.flatMap(({ after }) => after ?? [])
  const types = new Set(typed.map(({ type }) => type))
  const isNow: Record<Moment, boolean> = {
    names: typed.length > 0,
    host: types.has('MX') || types.has('CNAME'),
    long: typed.some(({ type, value }) => type === 'TXT' && value.length > 255),
    MX: types.has('MX'),
    CNAME: types.has('CNAME'),
    TXT: types.has('TXT'),
  }
  return host.words[locale].hints.filter(({ when }) => isNow[when]).map(({ text }) => text)
}
