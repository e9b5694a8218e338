import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { failed, ok, type Result } from '../../preload/failure.ts'
import { type Profile, type ProfileDraft, profileDraft } from '../../preload/profile-shapes.ts'
import { writeAtomically } from '../csv/atomic-file.ts'
import { systemCode } from '../csv/system-code.ts'
import { parseJson } from '../http/json.ts'
import { decodeText } from '../http/text.ts'
import { draftOf } from './save.ts'
import { checkDraft } from './save-check.ts'

const format = 'dimail-console-profile'
const version = 1
/** Bytes: a profile is a few thousand. */
const largest = 100_000

const envelope = z.object({ format: z.literal(format), version: z.int() })
const file = z.object({ profile: profileDraft })

/** The name that the dialog proposes, in letters that every system takes. */
export function suggestedFile({ name }: Profile): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '')
  const words = plain.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '')
  return `${words.slice(0, 60) || 'profile'}.json`
}

/** Writes a profile for another seat: no secret, and not its identity here. Fails as `writeAtomically` does. */
export async function exportProfile(profile: Profile, path: string): Promise<Result<{ file: string }>> {
  const text = `${JSON.stringify({ format, version, profile: draftOf(profile) }, null, 2)}\n`
  const written = await writeAtomically(path, Readable.from([text]))
  return written.ok ? ok({ file: path }) : written
}

/**
 * The profile that a file of somebody else's gives, under a name that none of `taken` has. Nothing is believed: its
 * size, its shape and its addresses are checked as what an agent types is. Fails with `invalid/profile-file`
 * (details.wrong: names of fields, never what they hold), `-size`, `-version`, with `storage/import` (details.cause), or
 * as `checkDraft`.
 */
export async function importProfile(path: string, taken: readonly string[]): Promise<Result<ProfileDraft>> {
  const bytes = await readUpTo(path)
  if (!bytes.ok) return bytes
  const text = decodeText(bytes.value, undefined)
  const content = text.ok ? parseJson(text.value) : text
  if (!content.ok) return notOne('JSON')
  const head = envelope.safeParse(content.value)
  if (!head.success) return notOne(namesOf(head.error))
  if (head.data.version !== version)
    return failed('invalid', 'profile-file-version', 'This file is of another version of the console.', {
      version: head.data.version,
    })
  const found = file.safeParse(content.value)
  if (!found.success) return notOne(namesOf(found.error))
  const checked = checkDraft(found.data.profile, null)
  if (!checked.ok) return checked
  return ok({ ...checked.value, name: uniqueName(checked.value.name, taken) })
}

const notOne = (fields: string) =>
  failed('invalid', 'profile-file', 'This file does not hold a profile of the console.', {
    wrong: fields.slice(0, 300),
  })

const namesOf = ({ issues }: z.ZodError): string =>
  [...new Set(issues.map(({ path }) => path.join('.') || 'JSON'))].join(', ')

/** Never more than is allowed, whatever the file is; a device or a pipe is not read at all. */
async function readUpTo(path: string): Promise<Result<Buffer>> {
  try {
    // A pipe would not even be opened before somebody writes to it.
    if (!(await stat(path)).isFile()) return notOne('JSON')
    const handle = await open(path, 'r')
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(largest + 1), 0, largest + 1, 0)
      if (bytesRead > largest)
        return failed('invalid', 'profile-file-size', 'This file is too large to be a profile.', {
          limit: largest / 1000,
        })
      return ok(buffer.subarray(0, bytesRead))
    } finally {
      await handle.close()
    }
  } catch (error) {
    const cause = systemCode(error)
    if (cause === null) throw error
    return failed('storage', 'import', `The file cannot be read: ${cause}.`, { cause, file: basename(path) })
  }
}

/** Two profiles of one name could be taken for each other: what an agent sees as the same is. */
function uniqueName(name: string, taken: readonly string[]): string {
  const seen = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ')
  const known = new Set(taken.map(seen))
  let candidate = name
  for (let next = 2; known.has(seen(candidate)); next++) candidate = `${name.slice(0, 70)} (${next})`
  return candidate
}
