import { createFormContext } from '@mantine/form'
import type { KnownSecrets } from '../../preload/profile-shapes.ts'
import type { ProfileStore } from './store.ts'
import type { ProfileValues } from './values.ts'

export const [ProfileFormProvider, useProfileForm, useNewProfileForm] = createFormContext<ProfileValues>()

/** What every section of the editor needs beside its fields. */
export type SectionProps = {
  /** The profile that is being changed; null: a new one. */
  id: string | null
  known: KnownSecrets
  store: ProfileStore
  /** Leads to the first field that is wrong. */
  goThere: () => void
}
