import { useState } from 'react'
import { useStores } from '../stores.ts'
import { createProfileStore, type ProfileStore } from './store.ts'

/** The store of a profile that is written on this page, and gone with it. */
export function useProfileStore(): ProfileStore {
  const { bridge, app } = useStores()
  const [store] = useState(() => {
    const { saveProfile, removeProfile } = app.getState()
    return createProfileStore(bridge, { saveProfile, removeProfile })
  })
  return store
}
