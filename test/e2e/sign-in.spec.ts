import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { findBrowser } from '../tools/browser.mjs'
import { agentOn } from './agent.ts'
import { expect, test } from './launch.ts'
import { ownSandbox, withAgents } from './own-sandbox.ts'
import { fill, languages, type Words, words } from './words.ts'

const kept = 'villeneuve-les-etangs.example'
const lost = 'sdis-valdore.example'
const other = 'port-salin.example'
const never = 'castelnoir.example'

/** The agent's own browser, which is not the console's. */
let browser: Browser
test.beforeAll(async () => {
  const executablePath = await findBrowser()
  browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    chromiumSandbox: process.platform !== 'linux' || process.getuid?.() !== 0,
  })
})
test.afterAll(() => browser.close())

/** Clicks on an account of the provider's page, as it is shown, and reads where that ends. */
async function chooseInBrowser(link: string, account: string, locale: string): Promise<string> {
  const context = await browser.newContext({ locale })
  const page = await context.newPage()
  await page.goto(link)
  await page.getByRole('button', { name: account }).click()
  await page.waitForURL(/127\.0\.0\.1:\d+\/callback/)
  const title = await page.title()
  await context.close()
  return title
}

/** Of the domains `names`, those that the program's cache still holds somewhere in its bytes. */
function inCache(userData: string, names: readonly string[]): string[] {
  const folder = join(userData, 'profiles', 'sandbox')
  const files = readdirSync(folder).filter((name) => name.startsWith('cache.db'))
  expect(files).not.toEqual([])
  return names.filter((name) => files.some((file) => readFileSync(join(folder, file)).includes(name)))
}

/** What everybody's search finds of a text. */
async function found(page: Page, say: Words, text: string): Promise<string> {
  await page.keyboard.press('Control+k')
  const dialog = page.getByRole('dialog')
  await page.getByPlaceholder(say.search.placeholder).fill(text)
  await expect(dialog.getByText(say.search.nothing).or(dialog.getByText(text)).first()).toBeVisible()
  const told = await dialog.innerText()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  return told
}

for (const locale of languages) {
  const say = words[locale]

  test(`${locale}: an agent signs in, sees what DeployCenter says, loses one, and leaves nothing to the next`, async ({
    launch,
  }) => {
    test.setTimeout(150_000)
    const running = await launch({ locale })
    const { page, userData } = running
    const agent = agentOn(running, say)
    const news = page.getByRole('status').filter({ hasText: say.rightsNews.changed })
    const again = async (from: string, as: string, count: number) => {
      await agent.signOut(from)
      await agent.signIn(as)
      await agent.seesDomains(count)
    }

    await test.step('at the gate the keyboard comes to the sign-in first, and nothing else is shown', async () => {
      await page.getByRole('button', { name: say.welcome.sandboxOpen }).click()
      await expect(agent.gate).toBeFocused()
      await expect(page.getByRole('navigation')).toHaveCount(0)
      await expect(page.getByRole('button', { name: say.session.signIn, exact: true })).toBeEnabled()
      await page.keyboard.press('Tab')
      await expect(page.getByRole('button', { name: say.session.signIn, exact: true })).toBeFocused()
    })

    await test.step('in the browser of the agent, one click on the page of the provider', async () => {
      const link = await agent.beginSignIn()
      await expect(page.getByRole('heading', { level: 1, name: say.session.awaiting })).toBeFocused()
      expect(await chooseInBrowser(link, 'Charlie Panais', locale)).toBe(
        locale === 'fr' ? 'Réponse reçue' : 'Answer received',
      )
      await agent.seesDomains(2)
      await expect(agent.row(kept)).toBeVisible()
      await expect(agent.row(lost)).toBeVisible()
      await expect(news).toContainText(lost)
      expect(await found(page, say, never)).not.toContain(never)
      await agent.openDomain(lost)
      await agent.check().click()
      await expect(page.getByText(fill(say.time.checked, { ago: say.time.now }))).toBeVisible()
    })

    await test.step('DeployCenter no longer lists a domain: lost at the next sign-in, and said', async () => {
      await agent.go(say.nav.sandbox)
      const form = page.getByRole('form', { name: 'Charlie Panais' })
      await form.getByLabel(say.sandbox.agentDomains).first().press('Backspace')
      await expect(form).not.toContainText(lost)
      await form.getByRole('button', { name: say.sandbox.entitle }).click()
      await expect(page.getByText(fill(say.sandbox.entitled, { name: 'Charlie Panais' }))).toBeVisible()
      await again('Charlie Panais', 'two-towns', 1)
      await expect(agent.row(kept)).toBeVisible()
      await expect(news).toContainText(fill(say.rightsNews.lost_one, { count: 1, names: lost }))
      expect(await found(page, say, lost)).not.toContain(lost)
      await agent.go(say.nav.journal)
      await expect(page.getByRole('heading', { level: 1, name: say.nav.journal })).toBeVisible()
      await expect(agent.row(lost)).toHaveCount(0)
    })

    await test.step('DeployCenter is away: signed in all the same, nothing changes, and it is said which it was', async () => {
      await agent.go(say.nav.sandbox)
      await page
        .getByRole('combobox', { name: say.sandbox.deployCenter, exact: true })
        .selectOption('failing')
      await expect(page.getByText(say.sandbox.modeMeans.failing)).toBeVisible()
      await again('Charlie Panais', 'two-towns', 1)
      const unchanged = page.getByRole('status').filter({ hasText: say.rightsNews.kept })
      await expect(unchanged).toContainText(
        fill(say.failures['server-error'].deploycenter, { status: 500 }).slice(0, 40),
      )
      await agent.go(say.nav.sandbox)
      await page.getByRole('combobox', { name: say.sandbox.deployCenter, exact: true }).selectOption('normal')
    })

    await test.step('an organisation that has not activated the service is refused, with the reason and whom to ask', async () => {
      await agent.signOut('Charlie Panais')
      await agent.signIn('not-activated')
      await expect(page.getByRole('heading', { level: 1, name: say.session.refused })).toBeFocused()
      await expect(page.getByRole('alert')).toHaveText(say.session.refusal.not_activated)
      await expect(page.getByText('Neuvy-aux-Tilleuls (fictive)')).toBeVisible()
      await expect(page.getByText(say.whom.operator, { exact: true })).toBeVisible()
      await expect(page.getByRole('navigation')).toHaveCount(0)
      await page.getByRole('button', { name: say.session.signOut, exact: true }).click()
      await expect(agent.gate).toBeVisible()
    })

    await test.step('the next agent sees nothing of the first, anywhere', async () => {
      await agent.signIn('viewer')
      await agent.seesDomains(1)
      await expect(agent.row(other)).toBeVisible()
      await expect(page.getByText(say.rightsNews.changed)).toHaveCount(0)
      for (const name of [kept, lost]) expect(await found(page, say, name)).not.toContain(name)
      for (const place of [say.nav.journal, say.nav.jobs, say.nav.messages]) {
        await agent.go(place)
        await expect(page.getByRole('heading', { level: 1, name: place })).toBeVisible()
        await expect(page.getByText(kept).or(page.getByText(lost)).or(page.getByText('Charlie'))).toHaveCount(
          0,
        )
      }
      await running.close()
      expect(inCache(userData, [kept, lost, other])).toEqual([other])
    })
  })

  test(`${locale}: an agent who is known reads after a restart, changes nothing, and signs in again`, async ({
    launch,
  }) => {
    test.setTimeout(90_000)
    const { sandbox, args } = await ownSandbox(withAgents)
    const first = await launch({ locale, args })
    await agentOn(first, say).signIn()
    await agentOn(first, say).seesDomains(60)
    await agentOn(first, say).openDomain(never)
    const second = await first.restart()
    const { page } = second
    const agent = agentOn(second, say)
    await expect(agent.knownBanner).toBeVisible()
    await expect(agent.sign).toHaveText(say.connectivity.notAsked)
    await expect(page.getByRole('heading', { level: 1, name: never })).toBeVisible()
    const before = sandbox.requests.length
    await agent.go(say.nav.domains)
    await agent.seesDomains(60)
    await expect(page.getByRole('button', { name: say.domains.checkAll })).toBeDisabled()
    const refusal = await page.evaluate(async (domain) => {
      const reply = await window.bridge['domains.repair']({ name: domain })
      return reply.ok ? 'done' : `${reply.failure.code}/${reply.failure.reason}`
    }, never)
    expect(refusal).toBe('refused/not-proven')
    expect(sandbox.requests.length).toBe(before)
    await agent.openDomain(never)
    await expect(agent.check()).toBeDisabled()
    await agent.signInAgain()
    await expect(page.getByRole('heading', { level: 1, name: never })).toBeVisible()
    await agent.check().click()
    await expect(page.getByText(fill(say.time.checked, { ago: say.time.now }))).toBeVisible()
    await sandbox.close()
  })

  // Only the stand-in takes another clock.
  if (!process.env.E2E_REAL)
    test(`${locale}, faults 33: what was typed in an open form is still there when the session is over`, async ({
      launch,
    }) => {
      const { sandbox, args } = await ownSandbox(withAgents)
      const clock = new URL('session-over.ts', import.meta.url).href
      const env = { NODE_OPTIONS: `--import=${clock}`, EXPIRE_AFTER_MS: '10000' }
      const running = await launch({ locale, args, env })
      const { page } = running
      const agent = agentOn(running, say)
      await agent.signIn()
      await agent.seesDomains(60)
      await agent.openDomain(never)
      await page.getByRole('tab', { name: say.domain.tabs.aliases }).click()
      await page.getByRole('button', { name: say.aliases.new }).click()
      const typed = agent.drawer.getByRole('textbox', { name: say.aliases.localPart })
      await typed.fill('accueil-fictif')
      // The provider is away, and cannot renew the proof.
      await sandbox.close()
      await expect(page.getByText(say.failures.refused['session-over'])).toBeVisible()
      await expect(typed).toHaveValue('accueil-fictif')
    })

  test(`${locale}: a list that is empty takes nothing away before the agent was asked`, async ({
    launch,
  }) => {
    test.setTimeout(90_000)
    const { sandbox, args } = await ownSandbox(withAgents)
    const running = await launch({ locale, args })
    const { page } = running
    const agent = agentOn(running, say)
    await agent.signIn('two-towns')
    await agent.seesDomains(2)
    sandbox.agents.entitle('two-towns', { domains: [], subscription: 'active' })
    await agent.signOut('Charlie Panais')
    await agent.signIn('two-towns')

    const question = page.getByRole('dialog', { name: say.rightsAsk.title })
    await expect(question).toContainText(fill(say.rightsAsk.what_other, { count: 2 }))
    await expect(question).toContainText(kept)
    const leave = question.getByRole('button', { name: say.rightsAsk.leave })
    await expect(leave).toBeFocused()
    for (let turn = 0; turn < 6; turn++) {
      await page.keyboard.press('Tab')
      await expect(question.locator(':focus')).toHaveCount(1)
    }
    await leave.click()
    await expect(question).toHaveCount(0)
    await agent.seesDomains(2)

    await agent.go(say.nav.settings)
    const rights = page.getByRole('region', { name: say.settings.rights })
    sandbox.agents.entitle('two-towns', { domains: [kept, never], subscription: 'active' })
    await rights.getByRole('button', { name: say.rightsPlan.read }).click()
    const line = (name: string) => rights.getByRole('row').filter({ hasText: name })
    await expect(line(never)).toContainText(say.rightsPlan.becoming.planned.add)
    await expect(line(lost)).toContainText(say.rightsPlan.becoming.planned.remove)
    await rights.getByRole('button', { name: say.rightsPlan.apply, exact: true }).click()
    const asked = page.getByRole('dialog', { name: say.rightsPlan.applyAsk })
    await expect(asked).toContainText(fill(say.rightsPlan.applyLoses_one, { count: 1 }))
    await asked.getByRole('button', { name: say.rightsPlan.apply, exact: true }).click()
    await expect(line(lost)).toContainText(say.rightsPlan.becoming.done.remove)
    await agent.go(say.nav.domains)
    await agent.seesDomains(2)
    await expect(agent.row(never)).toBeVisible()

    sandbox.agents.entitle('two-towns', { domains: [], subscription: 'active' })
    await agent.go(say.nav.settings)
    await rights.getByRole('button', { name: say.rightsPlan.read }).click()
    await question.getByRole('button', { name: say.rightsAsk.take }).click()
    await expect(rights).toContainText(fill(say.rightsPlan.lost_other, { count: 2 }))
    await agent.go(say.nav.domains)
    await agent.seesDomains(0)
    await sandbox.close()
  })
}
