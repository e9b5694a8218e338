import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { unwrap } from '../../preload/failure.ts'
import { type Profile, plainProfile, profileColours } from '../../preload/profile-shapes.ts'
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

/**
 * A profile given as a file: used for this run, its password kept in memory only. Throws one sentence that can be
 * shown, and that quotes nothing of the file: it holds a password.
 */
export function readProfileFile(file: string): { profile: Profile; password: string } {
  const { password, address: typed, ...rest } = profileIn(file)
  const address = unwrap(parseAddress(typed))
  // Each dimail has its own data, whatever the file that names it.
  const id = `given-${createHash('sha256').update(`${address}\n${rest.username}`).digest('hex').slice(0, 12)}`
  return { profile: { id, kind: 'dimail', address, ...rest, ...plainProfile }, password }
}

function profileIn(file: string): z.infer<typeof profileFile> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new Error(`The profile file ${file} is not there, or is not JSON.`)
  }
  const found = profileFile.safeParse(content)
  if (found.success) return found.data
  const wrong = found.error.issues.map((issue) => issue.path.join('.') || 'the file').join(', ')
  throw new Error(`The profile file ${file} does not have what it needs: ${wrong}.`)
}
