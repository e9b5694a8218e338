import { failed, ok, type Result } from '../../preload/failure.ts'
import { type Defaults, type Given, givenLimit, shown } from './given.ts'

/** Names one a line, or between commas, semicolons and blanks, with quotes or without; fails with `invalid/provision-many`. */
export function readList(text: string, defaults: Defaults): Result<Given[]> {
  const given: Given[] = []
  for (const [word] of text.matchAll(/[^,;\s]+/g)) {
    if (given.length >= givenLimit) return tooMany()
    const name = word.replace(/^["']|["']$/g, '')
    if (name !== '')
      given.push({ line: given.length + 1, given: shown(name), name, attributes: {}, ...defaults })
  }
  return ok(given)
}

export const tooMany = () =>
  failed('invalid', 'provision-many', `There are more than ${givenLimit} domains.`, { limit: givenLimit })
