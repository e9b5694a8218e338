import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { unwrap } from '../../preload/failure.ts'
import { type Profile, profileColours } from '../../preload/shapes.ts'
import { parseAddress } from '../dimail/address.ts'

export type Arguments = {
  userData: string | null
  profileFile: string | null
  headless: boolean
  once: boolean
}

/** The options of docs in the README; anything else is Chromium's own, or a stranger's, and is ignored (faults 17). */
export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    options: {
      'user-data': { type: 'string' },
      profile: { type: 'string' },
      headless: { type: 'boolean' },
      once: { type: 'boolean' },
    },
  })
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)
  return {
    userData: text(values['user-data']),
    profileFile: text(values.profile),
    headless: values.headless === true,
    once: values.once === true,
  }
}

const profileFile = z.strictObject({
  name: z.string().min(1).max(80),
  address: z.string(),
  username: z.string().min(1),
  password: z.string().min(1),
  colour: z.enum(profileColours).default('violet'),
})

/** A profile given as a file: used for this run, its password kept in memory only. Throws with a readable message. */
export function readProfileFile(file: string): { profile: Profile; password: string } {
  const { password, address, ...rest } = profileFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  return {
    profile: { id: 'given', kind: 'dimail', address: unwrap(parseAddress(address)), ...rest },
    password,
  }
}
