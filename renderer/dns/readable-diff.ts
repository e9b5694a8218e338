import type { ZoneChange } from '../../preload/dns-shapes.ts'

export type Difference = NonNullable<ZoneChange['diff']>

/** Fewer characters than this are the same on both sides by chance. */
const byChance = 5

type Edit = { removed: string; added: string }
type Piece = { edit: Edit } | { same: string }

/**
 * A character diff as a person reads it: a few letters that two values share by chance go with what is around them. Both
 * values stay whole, and what is only inserted or only taken out stays as small as it is.
 */
export function readable(diff: Difference): Difference {
  const joined: Piece[] = []
  for (const piece of piecesOf(diff)) {
    joined.push(piece)
    while (joinLast(joined));
  }
  return joined.flatMap((piece) => ('same' in piece ? partsOf('same', piece.same) : editParts(piece.edit)))
}

/** Runs of changes as one edit each, so that edits and what is the same take turns. */
function piecesOf(diff: Difference): Piece[] {
  const pieces: Piece[] = []
  for (const { kind, text } of diff) {
    const last = pieces.at(-1)
    if (kind === 'same') pieces.push({ same: text })
    else if (last && 'edit' in last) last.edit[kind] += text
    else pieces.push({ edit: { removed: '', added: '', [kind]: text } })
  }
  return pieces
}

/** Joins the last piece with those before it, where what lies between them is the same by chance. */
function joinLast(pieces: Piece[]): boolean {
  const last = pieces.at(-1)
  const between = pieces.at(-2)
  const first = pieces.at(-3)
  if (last === undefined || between === undefined) return false
  if ('same' in last) {
    // At the end of the value nothing follows; a longer text is kept, and joined by nobody.
    if ('same' in between || !replaces(between.edit) || last.same.length >= byChance) return false
    pieces.splice(-2, 2, { edit: around(between.edit, last.same, nothing) })
    return true
  }
  if ('edit' in between) {
    pieces.splice(-2, 2, { edit: around(between.edit, '', last.edit) })
    return true
  }
  if (between.same.length >= byChance) return false
  const before = first && 'edit' in first ? first.edit : nothing
  const edit = around(before, between.same, last.edit)
  if (!replaces({ removed: before.removed + last.edit.removed, added: before.added + last.edit.added }))
    return false
  pieces.splice(before === nothing ? -2 : -3, 3, { edit })
  return true
}

const nothing: Edit = { removed: '', added: '' }

const replaces = ({ removed, added }: Edit) => removed !== '' && added !== ''

const around = (a: Edit, same: string, b: Edit): Edit => ({
  removed: a.removed + same + b.removed,
  added: a.added + same + b.added,
})

const partsOf = (kind: Difference[number]['kind'], text: string): Difference =>
  text === '' ? [] : [{ kind, text }]

const editParts = ({ removed, added }: Edit): Difference => [
  ...partsOf('removed', removed),
  ...partsOf('added', added),
]
