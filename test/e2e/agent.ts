import type { Locator } from '@playwright/test'
import { clickThrough } from '../fakes/click-through.ts'
import { expect } from './launch.ts'
import type { Running } from './running.ts'
import type { Words } from './words.ts'
import { fill } from './words.ts'

/** The provider's page of a sign-in, among the links that were opened: that of a sign-out asks for no code. */
const isSignIn = (link: string) => new URL(link).searchParams.get('response_type') === 'code'

/** What an agent does with the console, by role and label. */
export function agentOn(running: Pick<Running, 'page' | 'openedLinks'>, say: Words) {
  const { page } = running
  const nav = page.getByRole('navigation', { name: say.nav.label })
  const drawer = page.getByRole('dialog')
  const signInLinks = async () => (await running.openedLinks()).filter(isSignIn)
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
    /** What says to an agent of an earlier sign-in that nothing can be changed. */
    knownBanner: page
      .getByRole('status')
      .filter({ hasText: say.session.knownNothing.slice(say.session.knownNothing.search(/[;:]/)) }),
    /** In place of the console while nobody may read it. */
    gate: page.getByRole('heading', { level: 1, name: say.session.signInTitle }),
    /** The rows of domains in sight: the head is a row too. */
    rows: (): Locator => page.getByRole('row').filter({ has: page.getByRole('checkbox') }),
    row: (name: string): Locator => page.getByRole('row').filter({ hasText: name }),
    filter: (label: string): Locator => page.getByRole('button', { name: new RegExp(`^${label} \\d+$`) }),
    go: (place: string) => nav.getByRole('button', { name: new RegExp(`^${place}`) }).click(),
    /** Opens the provider's page, and gives its address: the browser that shows it is the test's own. */
    async beginSignIn(): Promise<string> {
      const before = (await signInLinks()).length
      await page.getByRole('button', { name: say.session.signIn, exact: true }).click()
      await expect.poll(async () => (await signInLinks()).length).toBe(before + 1)
      return (await signInLinks()).at(-1) ?? ''
    },
    /** From the gate, or from the banner of a known agent, as one of main/sandbox/accounts.ts. */
    async signIn(as = 'support') {
      await clickThrough(await agent.beginSignIn(), as)
    },
    /** After a restart: this system has no keyring, and who is known is not proven. */
    async signInAgain(as = 'support') {
      await expect(agent.knownBanner).toBeVisible()
      await agent.signIn(as)
      await expect(agent.knownBanner).toHaveCount(0)
    },
    async signOut(name: string) {
      await page.getByRole('button', { name: fill(say.session.label, { name }) }).click()
      await page.getByRole('menuitem', { name: say.session.signOut, exact: true }).click()
      const asked = page.getByRole('dialog', { name: say.session.signOutAsk })
      await asked.getByRole('button', { name: say.session.signOut, exact: true }).click()
      await expect(agent.gate).toBeVisible()
      await expect(page.getByText(say.session.left.told)).toBeVisible()
    },
    /** As many domains as this agent may see, in the list that comes first. */
    async seesDomains(count: number) {
      await expect(agent.filter(say.domains.all)).toHaveAccessibleName(`${say.domains.all} ${count}`)
    },
    async openSandbox(as = 'support', count = 60) {
      await page.getByRole('button', { name: say.welcome.sandboxOpen }).click()
      await agent.signIn(as)
      await agent.seesDomains(count)
    },
    async search(text: string) {
      await page.getByRole('searchbox', { name: say.domains.search }).fill(text)
    },
    async openDomain(name: string) {
      await agent.go(say.nav.domains)
      await agent.search(name)
      // A row that moves between press and release is not clicked.
      await expect(agent.rows().filter({ has: page.getByRole('cell'), hasNotText: name })).toHaveCount(0)
      await page.getByRole('button', { name, exact: true }).click()
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
    },
    check: (): Locator => page.getByRole('button', { name: say.domain.check, exact: true }),
    repair: (): Locator => page.getByRole('button', { name: say.domain.repair, exact: true }),
    /** One check of the domain page, with all it says. */
    oneCheck: (heading: string): Locator =>
      page.getByRole('article').filter({ has: page.getByRole('heading', { name: heading }) }),
    /** Its provider answers too by then. */
    async startSandbox() {
      await agent.go(say.nav.sandbox)
      await page.getByRole('button', { name: say.sandbox.start, exact: true }).click()
      await expect(page.getByRole('button', { name: say.sandbox.stop, exact: true })).toBeVisible()
    },
    async setLatency(ms: number) {
      await agent.go(say.nav.sandbox)
      await page.getByRole('textbox', { name: say.sandbox.latency }).fill(String(ms))
      await page.getByRole('button', { name: say.sandbox.apply, exact: true }).click()
    },
  }
  return agent
}
