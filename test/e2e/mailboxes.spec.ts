import { agentOn } from './agent.ts'
import { axeOn } from './axe.ts'
import { type Console, expect, test } from './launch.ts'
import { languages, like, type Words, words } from './words.ts'

const enabled = 'cc-trois-vallons.example'
const failing = 'cc-pays-de-brumelle.example'

/** The mailboxes of a domain, as an agent works with them. */
function mailboxesOn(running: Console, say: Words) {
  const { page } = running
  const agent = agentOn(running, say)
  const dialog = (name: string | RegExp) => page.getByRole('dialog', { name })
  const box = {
    ...agent,
    dialog,
    async open(domain: string) {
      await agent.openDomain(domain)
      await page.getByRole('tab', { name: say.domain.tabs.mailboxes }).click()
      await expect(page.getByRole('table', { name: say.mailboxes.title })).toBeVisible()
      // What may be changed is known a moment later.
      await expect(page.getByRole('button', { name: say.mailboxes.new })).toBeEnabled()
    },
    async type(given: string, surname: string, secondary = '') {
      const asked = dialog(like(say.mailbox.new))
      await asked.getByRole('textbox', { name: say.mailbox.givenName }).fill(given)
      await asked.getByRole('textbox', { name: say.mailbox.surName, exact: true }).fill(surname)
      if (secondary) await asked.getByRole('textbox', { name: say.mailbox.secondary }).fill(secondary)
      return asked
    },
    async find(text: string) {
      await page.getByRole('searchbox', { name: say.mailboxes.search }).fill(text)
    },
    /** Says yes to what an act asks before. */
    async agree(question: string, act: string) {
      const asked = dialog(question)
      await expect(asked).toBeVisible()
      await asked.getByRole('button', { name: act, exact: true }).click()
      await expect(asked).toHaveCount(0)
    },
  }
  return box
}

for (const locale of languages) {
  const say = words[locale]

  test(`${locale}: a mailbox is created, linked, reset, renamed, disabled and enabled`, async ({
    launch,
  }) => {
    test.setTimeout(120_000)
    const running = await launch({ locale })
    const { page } = running
    const box = mailboxesOn(running, say)
    await box.openSandbox()
    await box.open(enabled)
    await page.keyboard.press('n')
    const asked = await box.type('Éloïse', 'Bœuf', 'eloise@ailleurs.example')
    await expect(asked.getByRole('textbox', { name: say.mailbox.localPart }).first()).toHaveValue(
      'eloise.boeuf',
    )
    await asked.getByRole('button', { name: say.mailbox.create }).click()
    const made = box.dialog(say.mailbox.created)
    await expect(made.getByText(say.mailbox.once)).toBeVisible()
    const password = await made.locator('code').innerText()
    expect(password.length).toBeGreaterThan(8)
    await made.getByRole('button', { name: say.app.close }).last().click()
    await expect(page.getByText(password)).toHaveCount(0)

    await box.find('boeuf')
    const address = `eloise.boeuf@${enabled}`
    await page.getByRole('button', { name: address }).click()
    const drawer = box.dialog(address)
    const act = (name: string) => drawer.getByRole('button', { name, exact: true })
    await act(say.mailbox.act.link).click()
    await box.agree(say.mailbox.ask.link, say.mailbox.act.link)
    await expect(drawer.locator('code')).toContainText('/code/')
    await act(say.mailbox.act.reset).click()
    await box.agree(say.mailbox.ask.reset, say.mailbox.act.reset)
    await expect(drawer.locator('code')).not.toContainText('/code/')

    await drawer.getByRole('textbox', { name: say.mailbox.surName, exact: true }).fill('Grand')
    await act(say.mailbox.save).click()
    await expect(page.getByText(say.mailbox.saved)).toBeVisible()
    await act(say.mailbox.act.disable).click()
    await box.agree(say.mailbox.ask.disable, say.mailbox.act.disable)
    await expect(drawer.getByText(say.mailbox.done.disable)).toBeVisible()
    await act(say.mailbox.act.enable).click()
    await box.agree(say.mailbox.ask.enable, say.mailbox.act.enable)
    await expect(drawer.getByText(say.mailbox.done.enable)).toBeVisible()
    await expect(drawer.getByRole('listitem').first()).toContainText(say.journal.action['mailbox.enable'])
    await page.keyboard.press('Escape')
    await expect(drawer).toHaveCount(0)
    await expect(page.getByRole('row', { name: address })).toContainText('Éloïse Grand')
  })

  test(`${locale}: a mailbox of a domain that does not work yet is kept, edited and removed`, async ({
    launch,
  }) => {
    const running = await launch({ locale })
    const { page } = running
    const box = mailboxesOn(running, say)
    await box.openSandbox()
    await box.open(failing)
    await page.keyboard.press('n')
    const asked = await box.type('Zoé', 'Grand')
    await asked.getByRole('button', { name: say.mailbox.create }).click()
    const kept = box.dialog(say.mailbox.kept)
    await kept.getByRole('button', { name: say.app.close }).last().click()
    const card = page.getByRole('region', { name: like(say.waiting.title_one) }).first()
    await expect(card).toContainText(`zoe.grand@${failing}`)
    await card.getByRole('button', { name: like(say.waiting.editOf) }).click()
    const edit = box.dialog(`zoe.grand@${failing}`)
    await edit.getByRole('textbox', { name: say.mailbox.localPart }).first().fill('z.grand')
    await edit.getByRole('button', { name: say.mailbox.save }).click()
    await expect(card).toContainText(`z.grand@${failing}`)
    await card.getByRole('button', { name: like(say.waiting.removeOf) }).click()
    const question = box.dialog(like(say.waiting.askRemove))
    await question.getByRole('button', { name: say.waiting.remove, exact: true }).click()
    await expect(card).toHaveCount(0)
  })
}

for (const scheme of ['light', 'dark'] as const) {
  test(`${scheme}: axe finds nothing in the mailboxes of a domain`, async ({ launch }) => {
    test.setTimeout(120_000)
    const say = words.fr
    const running = await launch({ locale: 'fr' })
    const { page } = running
    const box = mailboxesOn(running, say)
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: scheme })
    const { look, found } = axeOn(page)
    await box.openSandbox()
    await box.go(say.nav.settings)
    await page.getByText(say.settings.scheme[scheme], { exact: true }).click()
    await box.open(enabled)
    await box.rows().nth(1).getByRole('checkbox').check()
    await look('the list, with a selection')
    await page.getByRole('button', { name: say.mailboxes.act.disable, exact: true }).click()
    await look('the question before disabling')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)

    await page.keyboard.press('n')
    const asked = box.dialog(like(say.mailbox.new))
    await asked.getByRole('button', { name: say.mailbox.create }).click()
    await asked.getByRole('button', { name: say.mailbox.more }).click()
    await look('a new mailbox that is refused')
    await box.type('Éloïse', 'Bœuf')
    await asked.getByRole('button', { name: say.mailbox.create }).click()
    await expect(page.getByText(say.mailbox.once)).toBeVisible()
    await look('a password told once')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)

    await box.find('boeuf')
    await page.getByRole('button', { name: `eloise.boeuf@${enabled}` }).click()
    await expect(page.getByText(say.mailbox.acts, { exact: true })).toBeVisible()
    await look('one mailbox')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)

    await page.getByRole('button', { name: say.csv.open }).click()
    const lines = box.dialog(like(say.csv.title))
    await lines.getByRole('textbox', { name: say.csv.paste }).fill('luc.petit;Luc;Petit\nlea..dot;Léa;Dot')
    await look('lines to read')
    await lines.getByRole('button', { name: say.csv.read }).click()
    await expect(lines.getByText(say.csv.back)).toBeVisible()
    await look('lines and their verdicts')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)

    await page.getByRole('button', { name: say.drift.compare }).click()
    await page.getByRole('button', { name: say.drift.see, exact: true }).click()
    await look('differences with dimail')
    await page.keyboard.press('Escape')

    await box.open(failing)
    await page.keyboard.press('n')
    const kept = await box.type('Zoé', 'Grand')
    await kept.getByRole('button', { name: say.mailbox.create }).click()
    await box.dialog(say.mailbox.kept).getByRole('button', { name: say.app.close }).last().click()
    await expect(page.getByText(say.waiting.means.waiting)).toBeVisible()
    await look('a mailbox that waits')
    expect(found).toEqual([])
  })
}
