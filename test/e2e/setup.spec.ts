import type { Page } from '@playwright/test'
import { agentOn } from './agent.ts'
import { expect, test } from './launch.ts'
import { ownSandbox } from './own-sandbox.ts'
import { fill, languages, type Words, words } from './words.ts'

const typed = 'Commune-Née.example'
const ascii = 'xn--commune-ne-j7a.example'
const known = 'clairvaux-les-granges.example'
const elsewhere = 'deja-chez-dimail.example'

/** The dialog of a new domain, with a name typed in it. */
function newDomainOn(page: Page, say: Words) {
  const dialog = page.getByRole('dialog', { name: say.setup.new })
  return {
    dialog,
    name: dialog.getByRole('textbox', { name: say.setup.name }),
    create: dialog.getByRole('button', { name: say.setup.create }),
    adopt: dialog.getByRole('button', { name: say.setup.adopt }),
    async open() {
      await page.getByRole('button', { name: say.setup.new }).click()
      await expect(dialog).toBeVisible()
    },
  }
}

for (const locale of languages) {
  const say = words[locale]

  test(`${locale}: a new domain is named, refused where it must be, stopped halfway and finished; another is taken up`, async ({
    launch,
  }) => {
    test.setTimeout(90_000)
    const { sandbox, args } = await ownSandbox()
    const running = await launch({ locale, args })
    const { page } = running
    const agent = agentOn(running, say)
    const form = newDomainOn(page, say)
    const posts = () =>
      sandbox.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/domains/'))
    await expect(agent.filter(say.domains.all)).toHaveAccessibleName(`${say.domains.all} 60`)

    await test.step('what dimail will be asked for is shown while it is typed, and nothing is sent', async () => {
      await form.open()
      await form.name.fill('mairie@commune.example')
      await expect(form.dialog).toContainText(say.failures.invalid.email)
      await expect(form.create).toBeDisabled()
      await form.name.fill(known)
      await expect(form.dialog.getByRole('status')).toHaveText(say.setup.known)
      await expect(form.create).toBeDisabled()
      await form.name.fill(typed)
      await expect(form.dialog.getByRole('status')).toContainText(ascii)
      await expect(form.dialog.getByRole('status')).toContainText('commune-née.example')
      await expect(form.create).toBeEnabled()
      expect(posts()).toEqual([])
    })

    const card = page.getByRole('region', { name: say.setup.unfinished })
    const step = (name: keyof Words['setup']['step'], state: 'done' | 'missing') =>
      card.getByRole('listitem').filter({ hasText: `${say.setup.step[name]} – ${say.setup[state]}` })
    let spoiled = () => {}
    await test.step('its first check fails: it is created, and what is missing is said', async () => {
      spoiled = sandbox.answerNext(
        `GET /domains/${ascii}/check`,
        { answer: { status: 500, headers: { 'content-type': 'text/plain' }, body: 'Internal Server Error' } },
        100,
      )
      await form.dialog.getByRole('textbox', { name: say.setup.supportEmail }).fill(`mairie@${known}`)
      await form.create.click()
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(form.dialog).toHaveCount(0)
      await expect(step('create', 'done')).toBeVisible()
      await expect(step('access', 'done')).toBeVisible()
      await expect(step('check', 'missing')).toBeVisible()
      await expect(step('records', 'missing')).toBeVisible()
      await expect(card.getByRole('alert')).toContainText(
        fill(say.failures['server-error'].status, { status: 500 }),
      )
      await expect(page.getByText(`mairie@${known}`)).toBeVisible()
      expect(posts()).toHaveLength(1)
    })

    await test.step('the same name is refused a second time', async () => {
      await agent.go(say.nav.domains)
      await form.open()
      await form.name.fill(ascii.toUpperCase())
      await expect(form.dialog.getByRole('status')).toHaveText(say.setup.known)
      await expect(form.create).toBeDisabled()
      await form.dialog.getByRole('button', { name: say.app.cancel }).click()
      await expect(form.dialog).toHaveCount(0)
    })

    await test.step('the button does what is missing, and nothing else', async () => {
      await agent.openDomain(ascii)
      await expect(step('check', 'missing')).toBeVisible()
      const finish = card.getByRole('button', { name: say.setup.finish })
      await expect(finish).toBeEnabled()
      spoiled()
      await finish.click()
      await expect(card).toHaveCount(0)
      await page.getByRole('tab', { name: say.domain.tabs.records }).click()
      await expect(agent.row('MX')).toBeVisible()
      await page.getByRole('tab', { name: say.domain.tabs.rights }).click()
      await expect(agent.row(say.rights.role.owner)).toContainText(sandbox.username)
      expect(posts()).toHaveLength(1)
    })

    await test.step('a domain that dimail has already is not created again: it is taken up', async () => {
      sandbox.world.add(elsewhere, elsewhere)
      await agent.go(say.nav.domains)
      await form.open()
      await form.name.fill(elsewhere)
      await form.create.click()
      await expect(form.dialog.getByRole('alert')).toContainText(say.failures.conflict['domain-at-dimail'])
      await form.adopt.click()
      await expect(page.getByRole('heading', { level: 1, name: elsewhere })).toBeVisible()
      await expect(card).toHaveCount(0)
      await agent.go(say.nav.journal)
      await expect(agent.row(say.journal.action['domain.adopt'])).toContainText(elsewhere)
      await expect(
        agent.row(say.journal.action['domain.create']).filter({ hasText: elsewhere }),
      ).toContainText(say.journal.state.failed)
      await expect(agent.row(say.journal.action['domain.create']).filter({ hasText: ascii })).toContainText(
        say.journal.state.done,
      )
    })
    await sandbox.close()
  })
}
