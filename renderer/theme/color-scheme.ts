import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core'
import type { AppStore } from '../app/store.ts'

const darkClass = 'cunningham-theme--dark'

/** The agent's choice lives with the other settings; La Suite's tokens and Mantine both follow it. */
export function followColorScheme(app: AppStore): MantineColorSchemeManager {
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  const chosen = (): MantineColorScheme => app.getState().app?.colorScheme ?? 'auto'
  const paint = () => {
    const dark = chosen() === 'dark' || (chosen() === 'auto' && system.matches)
    document.documentElement.classList.toggle(darkClass, dark)
  }
  system.addEventListener('change', paint)
  app.subscribe(paint)
  paint()
  let stop = () => {}
  return {
    get: () => chosen(),
    set: (value) => void app.getState().configure({ colorScheme: value }),
    subscribe(onUpdate) {
      let last = chosen()
      stop = app.subscribe(() => {
        if (chosen() === last) return
        last = chosen()
        onUpdate(last)
      })
    },
    unsubscribe: () => stop(),
    clear: () => {},
  }
}
