import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { unwrap } from '../../preload/failure.ts'
import { profileColours, profileDraft } from '../../preload/profile-shapes.ts'
import { checkDraft } from '../profiles/save-check.ts'
import type { Given } from '../profiles/secrets.ts'

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

const secret = z.string().min(1).max(2000)
const profileFile = z.strictObject({
  ...profileDraft.shape,
  colour: z.enum(profileColours).default('violet'),
  password: secret,
  clientSecret: secret.nullable().default(null),
  deployCenterKey: secret.nullable().default(null),
  provisioningKey: secret.nullable().default(null),
})

/**
 * A profile given as a file: used for this run, its secrets kept in memory only. What it does not say is as in a plain
 * profile. Throws one sentence that can be shown, and that quotes nothing of the file: it holds a password.
 */
export function readProfileFile(file: string): Given {
  const { password, clientSecret, deployCenterKey, provisioningKey, ...typed } = profileIn(file)
  const draft = unwrap(checkDraft(typed, clientSecret !== null))
  // Each dimail has its own data, whatever the file that names it.
  const named = createHash('sha256').update(`${draft.address}\n${draft.username}`).digest('hex')
  return {
    profile: { ...draft, id: `given-${named.slice(0, 12)}`, kind: 'dimail' },
    secrets: { password, clientSecret, deployCenterKey, provisioningKey },
  }
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
