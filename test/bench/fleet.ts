import { z } from 'zod'
import { judge } from '../../main/dimail/verdict.ts'
import { domainAnswer } from '../../main/sandbox/domain-answer.ts'
import { seededFleet } from '../../main/sandbox/fleet.ts'
import { createWorld, type World } from '../../main/sandbox/world.ts'
import { UncaughtDnsError } from '../../main/sandbox/zone.ts'
import type { AnswerToStore } from '../../main/store/cache.ts'

const dialect = '0.6.7'

/** dimail's answers about one domain, as JSON: before its first check, and to it. */
export type Told = { name: string; listed: string; checked: string }

/**
 * What the sandbox's fleet answers, in its default dialect, without a server between. Domains whose check dimail
 * answers with 500 are left out: here each one must have a result.
 */
export function tellFleet(domains: number): Told[] {
  const world = createWorld()
  const told: Told[] = []
  const plans = seededFleet({ domains: Math.ceil(domains * 1.25) })
  for (let start = 0; told.length < domains; start += 1000) {
    const some = plans.slice(start, start + 1000)
    if (some.length === 0) throw new Error('Too few domains of the fleet can be checked')
    // A world keeps what it grew: all of a large fleet at once would take gigabytes.
    world.load(some)
    told.push(...some.flatMap(({ name }) => tell(world, name)))
  }
  return told.slice(0, domains)
}

function tell(world: World, name: string): Told[] {
  const domain = world.domain(name)
  if (!domain) throw new Error(`The sandbox does not know ${name}`)
  try {
    world.check(domain, dialect)
    const checked = JSON.stringify(domainAnswer(domain, dialect))
    domain.stored = null
    return [{ name, checked, listed: JSON.stringify(domainAnswer(domain, dialect)) }]
  } catch (error) {
    if (error instanceof UncaughtDnsError) return []
    throw error
  }
}

/** The answer as the jobs give it to the cache, judged by the program's own code. */
export function toStore(text: string, at: number, checked: boolean): AnswerToStore {
  const raw = shape.parse(JSON.parse(text))
  const { name, state, active } = raw
  return { name, raw, judge: (previous) => judge({ state, active, raw }, previous), at, checked }
}

const shape = z.looseObject({ name: z.string(), state: z.string(), active: z.boolean() })
