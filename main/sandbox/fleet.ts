import { type Plan, type Status, statuses } from './domain.ts'
import { domainName } from './names.ts'
import { createRandom, type Random, seedOf } from './random.ts'
import { scenarios } from './scenarios.ts'

/** Domains by hand that share the OX context of another one. */
const sharing: Record<string, string> = {
  'sdis-valdore.example': 'cc-valdore.example',
  'syndicat-eaux-valdore.example': 'cc-valdore.example',
  'brumelle.example': 'cc-pays-de-brumelle.example',
  'saint-loup-sous-brumelle.example': 'cc-pays-de-brumelle.example',
  'estrelle-les-bains.example': 'cc-monts-d-estrelle.example',
  'office-tourisme-estrelle.example': 'cc-monts-d-estrelle.example',
  'rivemarne.example': 'agglo-rivemarne.example',
  'ecole-musique-rivemarne.example': 'agglo-rivemarne.example',
  'vallon-d-amont.example': 'cc-trois-vallons.example',
  'vallon-d-aval.example': 'cc-trois-vallons.example',
}

/** 417 as in the real list that dimail.md describes; the others are the limits. */
const sizes: Record<string, number> = {
  'departement-haute-lande.example': 417,
  'prefecture-demonstration.example': 500,
  'lac-de-sermont.example': 0,
  'neuvy-aux-tilleuls.example': 0,
}

export type FleetOptions = { domains?: number; seed?: number }

/**
 * The plans of `domains` domains (60), the same for the same seed (1). The scenarios come round every 60
 * names, so any 60 in a row hold each of them once.
 */
export function seededFleet({ domains = 60, seed = 1 }: FleetOptions = {}): Plan[] {
  const random = createRandom(seedOf(`fleet ${seed}`))
  const members = new Map<string, number>()
  return Array.from({ length: domains }, (_, index) => {
    const name = domainName(index)
    const contextName = contextOf(index, name)
    const place = members.get(contextName) ?? 0
    members.set(contextName, place + 1)
    // 37 is prime to 60: neighbours in the list differ in status, and no scenario is left out.
    const scenario = scenarios[(index * 37) % scenarios.length]
    if (scenario === undefined) throw new Error('The table of scenarios is empty')
    const mailboxes = sizes[name] ?? size(random)
    return { name, contextName, place, mailboxes, seed: `seed ${seed}`, ...scenario }
  })
}

/**
 * How many domains the console must show in each status after one check of everything; `repairable` are
 * those of which only internal checks fail.
 */
export function expectedCounts(
  fleet: readonly Pick<Plan, 'expects'>[],
): Record<Status | 'all' | 'repairable', number> {
  const count = (status: Status) => fleet.filter((plan) => plan.expects === status).length
  const [pending, enabled, action_required, failed, disabled] = statuses.map(count)
  return {
    all: fleet.length,
    pending: pending ?? 0,
    enabled: enabled ?? 0,
    action_required: action_required ?? 0,
    failed: failed ?? 0,
    disabled: disabled ?? 0,
    repairable: failed ?? 0,
  }
}

function contextOf(index: number, name: string): string {
  if (index < 60) return sharing[name] ?? name
  const rest = index % 20
  return rest === 17 || rest === 18 ? domainName(index - rest + 16) : name
}

// Most communes have few mailboxes; above 328 the people of a shared context would run short of names.
function size(random: Random): number {
  const share = random.below(100)
  if (share < 8) return 0
  if (share < 60) return 1 + random.below(30)
  if (share < 88) return 31 + random.below(90)
  return 121 + random.below(200)
}
