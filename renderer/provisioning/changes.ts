import type { Attributes } from '../../preload/provisioning-shapes.ts'

type Value = Attributes[string]
/** What becomes of one attribute: `vanishes` is what replacing as a whole takes away (docs/entitlements.md 6.4). */
export type Change =
  | { name: string; kind: 'added'; after: Value }
  | { name: string; kind: 'kept'; after: Value }
  | { name: string; kind: 'changed'; before: Value; after: Value }
  | { name: string; kind: 'vanishes'; before: Value }

/** Attribute by attribute, what would be after and what would be no more; `before` null: the domain is not known. */
export function changesOf(before: Attributes | null, after: Attributes): Change[] {
  const known = new Map(Object.entries(before ?? {}))
  const given = Object.entries(after).map(([name, value]): Change => {
    const was = known.get(name)
    known.delete(name)
    if (was === undefined) return { name, kind: 'added', after: value }
    // `1` and `"1"` are not the same to who reads them.
    return was === value
      ? { name, kind: 'kept', after: value }
      : { name, kind: 'changed', before: was, after: value }
  })
  return [...given, ...[...known].map(([name, was]): Change => ({ name, kind: 'vanishes', before: was }))]
}
