import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { agentOn } from './agent.ts'
import { type Console, expect, test } from './launch.ts'
import { ownSandbox } from './own-sandbox.ts'
import { fill, languages, type Words, words } from './words.ts'

const enabled = 'cc-trois-vallons.example'
const broken = 'castelnoir.example'
const repairable = 'ehpad-les-tilleuls.example'

/** The mailboxes of a domain, as an agent works with them. */
function mailboxesOn(running: Console, say: Words) {
  const { page } = running
  const agent = agentOn(running, say)
  const dialog = (name: string) => page.getByRole('dialog', { name })
  const box = {
    ...agent,
    dialog,
    drawer: (address: string) => page.getByRole('dialog', { name: address, exact: true }),
    card: page.getByRole('region', { name: fill(say.waiting.title_one, { count: 1 }) }),
    async openMailboxes(domain: string) {
      await agent.openDomain(domain)
      await page.getByRole('tab', { name: say.domain.tabs.mailboxes }).click()
      await expect(page.getByRole('button', { name: say.mailboxes.new })).toBeEnabled()
    },
    async create(domain: string, given: string, surname: string, secondary = '') {
      await page.getByRole('button', { name: say.mailboxes.new }).click()
      const asked = dialog(fill(say.mailbox.new, { domain }))
      await asked.getByRole('textbox', { name: say.mailbox.givenName }).fill(given)
      await asked.getByRole('textbox', { name: say.mailbox.surName, exact: true }).fill(surname)
      if (secondary) await asked.getByRole('textbox', { name: say.mailbox.secondary }).fill(secondary)
      await asked.getByRole('button', { name: say.mailbox.create }).click()
    },
    async close(name: string) {
      await dialog(name).getByRole('button', { name: say.app.close }).last().click()
      await expect(dialog(name)).toHaveCount(0)
    },
    async openMailbox(address: string) {
      await page.getByRole('searchbox', { name: say.mailboxes.search }).fill(address)
      await page.getByRole('button', { name: address }).click()
      await expect(box.drawer(address)).toBeVisible()
    },
    /** One act of a mailbox, whose consequence is said first. */
    async act(address: string, name: keyof Words['mailbox']['act']) {
      const words = say.mailbox
      await box.drawer(address).getByRole('button', { name: words.act[name], exact: true }).click()
      const asked = dialog(words.ask[name])
      await expect(asked).toContainText(words.what[name])
      await asked.getByRole('button', { name: words.act[name], exact: true }).click()
      await expect(asked).toHaveCount(0)
    },
  }
  return box
}

/** The files under a folder that hold a text, in bytes as they are. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name)
    return entry.isFile() && readFileSync(path).includes(text) ? [path] : []
  })
}

for (const locale of languages) {
  const say = words[locale]

  test(`${locale}, faults 72: a password is shown once, and is then neither in the page nor on the disk; its welcome link works three times`, async ({
    launch,
  }) => {
    test.setTimeout(90_000)
    const running = await launch({ locale })
    const { page, userData } = running
    const box = mailboxesOn(running, say)
    const address = `eloise.boeuf@${enabled}`
    const secrets: string[] = []
    await box.openSandbox()
    await box.openMailboxes(enabled)

    await test.step('created, its password shown once', async () => {
      await box.create(enabled, 'Éloïse', 'Bœuf', 'eloise@ailleurs.example')
      const made = box.dialog(say.mailbox.created)
      await expect(made.getByText(say.mailbox.once)).toBeVisible()
      await expect(made.getByText(say.mail.sentTo)).toContainText('eloise@ailleurs.example')
      secrets.push(await made.locator('code').innerText())
      await box.close(say.mailbox.created)
    })

    await test.step('its password is replaced', async () => {
      await box.openMailbox(address)
      await box.act(address, 'reset')
      const secret = box.drawer(address).locator('code')
      await expect(box.drawer(address).getByText(say.mailbox.once)).toBeVisible()
      secrets.push(await secret.innerText())
      await page.keyboard.press('Escape')
      await expect(box.drawer(address)).toHaveCount(0)
    })

    await test.step('the link of the welcome message works as often as dimail says', async () => {
      await box.go(say.nav.outbox)
      const letters = page.getByRole('list', { name: say.nav.outbox }).getByRole('listitem')
      await expect(letters).toHaveCount(2)
      await letters.last().getByRole('button').click()
      const letter = page.getByRole('article')
      await expect(letter).toContainText(address)
      const outcome = letter.getByRole('status')
      const follow = letter.getByRole('button', { name: say.outbox.follow })
      for (const left of [2, 1, 0]) {
        await follow.click()
        const sentence = left === 1 || (left === 0 && locale === 'fr') ? 'signed-in_one' : 'signed-in_other'
        await expect(outcome).toHaveText(fill(say.outbox.followed[sentence], { address, count: left }))
      }
      await follow.click()
      await expect(outcome).toHaveText(say.outbox.followed['used-up'])
    })

    await test.step('nothing keeps a password: neither the page nor a file', async () => {
      await box.go(say.nav.journal)
      await expect(box.row(say.journal.action['mailbox.create'])).toContainText(enabled)
      expect(secrets).toHaveLength(2)
      const html = await page.content()
      for (const secret of secrets) {
        expect(secret.length).toBeGreaterThan(8)
        expect(html).not.toContain(secret)
        expect(filesWith(userData, secret)).toEqual([])
      }
      await running.close()
      for (const secret of secrets) expect(filesWith(userData, secret)).toEqual([])
      // The search itself finds what is there.
      expect(filesWith(userData, address)).not.toEqual([])
    })
  })

  test(`${locale}: what waits goes out by itself after the DNS is corrected, and after a repair; the search finds it`, async ({
    launch,
  }) => {
    test.setTimeout(90_000)
    const running = await launch({ locale })
    const { page } = running
    const box = mailboxesOn(running, say)
    await box.openSandbox()

    const keep = async (domain: string, given: string, surname: string, secondary = '') => {
      await box.openMailboxes(domain)
      await box.create(domain, given, surname, secondary)
      await box.close(say.mailbox.kept)
      await expect(box.card).toContainText(say.waiting.means.waiting)
    }
    const goneOut = async (address: string) => {
      await page.getByRole('tab', { name: say.domain.tabs.mailboxes }).click()
      await page.getByRole('searchbox', { name: say.mailboxes.search }).fill(address)
      await expect(page.getByRole('row', { name: address })).toContainText(say.mailboxes.status.enabled)
      await expect(box.card).toHaveCount(0)
    }

    await test.step('the DNS is corrected in the sandbox, and a check sees it', async () => {
      await keep(broken, 'Zoé', 'Châtaigne', 'zoe@ailleurs.example')
      await box.go(say.nav.sandbox)
      await page.getByRole('textbox', { name: say.sandbox.heal }).fill(broken)
      await page.getByRole('button', { name: say.sandbox.healNow }).click()
      await expect(page.getByText(fill(say.sandbox.healed, { domain: broken }))).toBeVisible()
      await box.openDomain(broken)
      await box.check().click()
      await goneOut(`zoe.chataigne@${broken}`)
      await box.go(say.nav.outbox)
      await expect(page.getByRole('article')).toContainText(`zoe.chataigne@${broken}`)
    })

    await test.step('a repair enables another domain', async () => {
      await keep(repairable, 'Basile', 'Zizanie')
      await box.repair().click()
      const asked = box.dialog(fill(say.domain.repairConfirm, { name: repairable }))
      await asked.getByRole('button', { name: say.domain.repair }).click()
      await goneOut(`basile.zizanie@${repairable}`)
    })

    await test.step('whoever was made without a secondary address has a password to be told, once', async () => {
      await page.getByRole('button', { name: say.csv.showPasswords }).click()
      const told = box.dialog(fill(say.csv.passwords_one, { count: 1 }))
      await expect(told.getByText(`basile.zizanie@${repairable}`)).toBeVisible()
      await box.close(fill(say.csv.passwords_one, { count: 1 }))
      await expect(page.getByRole('button', { name: say.csv.showPasswords })).toHaveCount(0)
    })

    await test.step('the search everywhere finds a part of a name, and opens the mailbox', async () => {
      await page.keyboard.press('Control+k')
      await page.getByPlaceholder(say.search.placeholder).fill('IZANI')
      await page.getByRole('dialog').getByText(`basile.zizanie@${repairable}`).click()
      await expect(page.getByRole('heading', { level: 1, name: repairable })).toBeVisible()
      await expect(page.getByRole('row', { name: `basile.zizanie@${repairable}` })).toBeVisible()
    })
  })
}

test('faults 78: a mailbox that changed at dimail since it was looked at is not disabled', async ({
  launch,
}) => {
  const say = words.fr
  const { sandbox, args } = await ownSandbox()
  const box = mailboxesOn(await launch({ args }), say)
  await box.openMailboxes(enabled)
  await box.create(enabled, 'Éloïse', 'Bœuf')
  await box.close(say.mailbox.created)
  const address = `eloise.boeuf@${enabled}`
  await box.openMailbox(address)
  const before = sandbox.requests.filter(({ method }) => method !== 'GET').length
  const there = sandbox.world.domain(enabled)?.mailboxes.find((one) => one.local === 'eloise.boeuf')
  if (!there?.ox) throw new Error('The sandbox has no such mailbox')
  there.ox.displayName = 'Éloïse Grand'
  await box.act(address, 'disable')
  await expect(box.drawer(address).getByRole('alert')).toContainText(
    fill(say.failures.conflict.changed, { address }),
  )
  expect(sandbox.requests.filter(({ method }) => method !== 'GET')).toHaveLength(before)
  await expect(box.drawer(address).getByRole('textbox', { name: say.mailbox.displayName })).toHaveValue(
    'Éloïse Grand',
  )
  await sandbox.close()
})
