import type { Failure } from '../../preload/failure.ts'

/** What the agent chose not to do, when the profile asks first: they know, and nothing failed. */
export const isDeclined = ({ code, reason }: Failure): boolean =>
  code === 'cancelled' && reason === 'declined'
