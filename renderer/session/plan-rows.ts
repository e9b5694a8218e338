import type { RightsPlan } from '../../preload/session-shapes.ts'

export const planKinds = ['remove', 'add', 'differs', 'unknown', 'unchecked'] as const
export type PlanKind = (typeof planKinds)[number]
/** A domain of a plan; `known`: how it is written here, when DeployCenter writes it otherwise. */
export type PlanRow = { kind: PlanKind; domain: string; known: string | null }

/** All that a plan says of domains, what would be lost first. */
export function rowsOf(plan: RightsPlan): PlanRow[] {
  const rows = (kind: Exclude<PlanKind, 'differs'>) =>
    plan[kind].map((domain) => ({ kind, domain, known: null }))
  const differing = plan.differs.map(
    ({ given, known }): PlanRow => ({ kind: 'differs', domain: given, known }),
  )
  return [...rows('remove'), ...rows('add'), ...differing, ...rows('unknown'), ...rows('unchecked')]
}

/** Whether writing it changes anything. */
export const changes = ({ add, remove }: RightsPlan): boolean => add.length + remove.length > 0
