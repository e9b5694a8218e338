import { ok } from '../../preload/failure.ts'
import type { Backend } from './entitlements.ts'

/** No DeployCenter: everybody who signs in has access, and no right is given or taken (docs/entitlements.md 1). */
export const createLocal = (now: () => number): Backend => ({
  read: async () => ({
    kind: 'not-provided',
    canAccess: true,
    reason: null,
    account: { organization: null, operator: null, potentialOperators: [] },
    answeredAt: now(),
    stale: null,
  }),
  quota: async () => ok(null),
})
