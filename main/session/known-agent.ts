import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { type Person, person as personShape } from '../../preload/people-shapes.ts'
import { type Profile, profileScope } from '../../preload/profile-shapes.ts'
import type { Desk } from '../store/desk.ts'

const setting = 'session.known'
/** `scope`: of the profile at that proof; one that has changed since may have made them less than they were. */
const shape = z.object({
  issuer: z.string(),
  scope: profileScope,
  person: personShape,
  provenAt: z.int(),
})

/** Who was proven last at this console, and when. */
export type KnownAgent = {
  /** Null: nobody, or somebody under another issuer or scope. */
  read(): Promise<{ person: Person; provenAt: number } | null>
  write(person: Person, provenAt: number): Promise<void>
  forget(): Promise<void>
}

/** Kept on the desk, under the issuer and the scope of the profile. */
export function createKnownAgent({ kind, signIn, scope }: Profile, desk: Desk): KnownAgent {
  // The sandbox's provider knows the same people in every run, each time at another port.
  const issuer = kind === 'sandbox' ? 'sandbox' : (signIn?.issuer ?? '')
  return {
    async read() {
      const { data: kept } = shape.safeParse(await desk.readSetting(setting))
      return kept?.issuer === issuer && isDeepStrictEqual(kept.scope, scope) ? kept : null
    },
    write: (person, provenAt) => desk.writeSetting(setting, { issuer, scope, person, provenAt }),
    forget: () => desk.writeSetting(setting, null),
  }
}
