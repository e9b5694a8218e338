import { useEffect, useRef } from 'react'

/** Keys by what they type ("r", "R" with shift, "?"), several for one act: they work on every keyboard layout. */
export type Keys = readonly (readonly [keys: string, act: () => unknown])[]

const typesText = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

const isCheckbox = (target: EventTarget | null) =>
  target instanceof HTMLInputElement && target.type === 'checkbox'

/** A region that scrolls by itself keeps its arrows. */
const keepsKeys = (target: EventTarget | null) =>
  target instanceof Element && target.matches('[data-own-keys]')

const underDialog = new WeakSet<Event>()
// Seen before anybody acts on the key: a dialog or a menu that the key closes may be gone when our own turn comes.
window.addEventListener(
  'keydown',
  (event) => {
    if (document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]')) underDialog.add(event)
  },
  true,
)

/** Listens to keys while the component is shown: never while the agent types, nor under a dialog or a menu. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (typesText(event.target) && !isCheckbox(event.target)) return
      if (keepsKeys(event.target)) return
      if (underDialog.has(event)) return
      const found = latest.current.find(([names]) => names.split(' ').includes(event.key))
      if (!found) return
      event.preventDefault()
      found[1]()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
