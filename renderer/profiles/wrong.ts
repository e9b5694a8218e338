import type { TFunction } from 'i18next'
import type { WrongField } from './values.ts'

/** What to say at each field that cannot be saved as it is. */
export const sentencesFor = (t: TFunction, wrong: Record<string, WrongField>): Record<string, string> =>
  Object.fromEntries(Object.entries(wrong).map(([path, field]) => [path, t(`profiles.wrong.${field}`)]))
