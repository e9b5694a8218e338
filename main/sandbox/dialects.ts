/** The versions of dimail that the sandbox speaks (docs/dimail.md 10). */
export const dialects = ['2024', '0.6.7', '0.6-late'] as const
export type Dialect = (typeof dialects)[number]

/** The habits of dimail that can be switched while the sandbox runs (docs/dimail.md 7). */
export const quirks = [
  'string-booleans',
  'json-errors',
  'conflict-as-409',
  'lose-answers',
  'short-tokens',
] as const
export type Quirk = (typeof quirks)[number]

export type Behaviour = { dialect: Dialect; latencyMs: number; quirks: Set<Quirk> }

export const isDialect = (text: string): text is Dialect => dialects.some((dialect) => dialect === text)
