import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** Looks at a page with axe, and keeps what it finds, named by the view. */
export function axeOn(page: Page) {
  const found: string[] = []
  return {
    found,
    async look(view: string) {
      // A view that still fades in has other colours than the one that is read.
      await page.waitForFunction(() => {
        const dialogs = [...document.querySelectorAll('[role="dialog"]')]
        // Before its fading begins, a dialog has no animation yet and is not opaque either.
        const opaque = dialogs.every((dialog) => getComputedStyle(dialog).opacity === '1')
        // What turns for as long as something is awaited never ends.
        const ends = document
          .getAnimations()
          .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
        return opaque && ends.every((one) => one.playState !== 'running')
      })
      const { violations } = await new AxeBuilder({ page }).analyze()
      for (const { id, nodes } of violations)
        found.push(`${view}: ${id} ${nodes.map((node) => node.html).join(' | ')}`)
    },
  }
}
