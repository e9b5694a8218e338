import type { NativeTheme } from 'electron'
import { createEmitter } from './emitter.ts'
import { standIn } from './partial.ts'

type Follower = (scheme: 'light' | 'dark') => Promise<void>

const events = createEmitter('nativeTheme', ['updated'])
const followers = new Set<Follower>()
let source: NativeTheme['themeSource'] = 'system'

// A machine that tests has no theme of its own: 'system' is light.
const isDark = () => source === 'dark'
const tell = (follower: Follower) => void follower(isDark() ? 'dark' : 'light').catch(() => undefined)

/** Calls `follower` with the scheme that pages must prefer, now and at each change; returns how to stop. */
export function followTheme(follower: Follower): () => void {
  followers.add(follower)
  tell(follower)
  return () => followers.delete(follower)
}

export const nativeTheme: NativeTheme = standIn<NativeTheme>('nativeTheme', {
  ...events.members((): NativeTheme => nativeTheme),
  get themeSource() {
    return source
  },
  set themeSource(next) {
    const changed = next !== source
    source = next
    if (!changed) return
    followers.forEach(tell)
    events.emit('updated')
  },
  get shouldUseDarkColors() {
    return isDark()
  },
})
