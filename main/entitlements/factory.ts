import type { EntitlementSettings } from '../../preload/profile-shapes.ts'
import { type BackendDeps, createDeployCenter } from './deploycenter.ts'
import type { Backend } from './entitlements.ts'
import { createLocal } from './local.ts'

/** The source of entitlements that a profile names. */
export const backendOf = (settings: EntitlementSettings, deps: BackendDeps): Backend =>
  settings.backend === 'local' ? createLocal(deps.now) : createDeployCenter({ ...deps, settings })
