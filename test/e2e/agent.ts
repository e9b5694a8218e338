import type { Locator, Page } from '@playwright/test'
import { expect } from './launch.ts'
import type { Words } from './words.ts'

/** What an agent does with the console, by role and label. */
export function agentOn(page: Page, say: Words) {
  const nav = page.getByRole('navigation', { name: say.nav.label })
  const drawer = page.getByRole('dialog')
  const agent = {
    page,
    drawer,
    table: page.getByRole('table'),
    sign: page.getByRole('status', { name: say.connectivity.label }),
    /** What says that dimail is away, on every page. */
    banner: page
      .getByRole('alert')
      .filter({ hasText: say.connectivity.banner.offline })
      .or(page.getByRole('alert').filter({ hasText: say.connectivity.banner['not-answering'] })),
    /** The rows of domains in sight: the head is a row too. */
    rows: (): Locator => page.getByRole('row').filter({ has: page.getByRole('checkbox') }),
    row: (name: string): Locator => page.getByRole('row').filter({ hasText: name }),
    filter: (label: string): Locator => page.getByRole('button', { name: new RegExp(`^${label} \\d+$`) }),
    go: (place: string) => nav.getByRole('button', { name: new RegExp(`^${place}`) }).click(),
    async openSandbox() {
      await page.getByRole('button', { name: say.welcome.sandboxOpen }).click()
      await expect(agent.filter(say.domains.all)).toHaveAccessibleName(`${say.domains.all} 60`)
    },
    async search(text: string) {
      await page.getByRole('searchbox', { name: say.domains.search }).fill(text)
    },
    async openDomain(name: string) {
      await agent.go(say.nav.domains)
      await agent.search(name)
      await page.getByRole('button', { name, exact: true }).click()
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
    },
    check: (): Locator => page.getByRole('button', { name: say.domain.check, exact: true }),
    repair: (): Locator => page.getByRole('button', { name: say.domain.repair, exact: true }),
    /** One check of the domain page, with all it says. */
    oneCheck: (heading: string): Locator =>
      page.getByRole('article').filter({ has: page.getByRole('heading', { name: heading }) }),
    async setLatency(ms: number) {
      await agent.go(say.nav.sandbox)
      await page.getByRole('textbox', { name: say.sandbox.latency }).fill(String(ms))
      await page.getByRole('button', { name: say.sandbox.apply }).click()
    },
  }
  return agent
}
