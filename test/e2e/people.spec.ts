import type { Page } from '@playwright/test'
import { agentOn } from './agent.ts'
import { expect, test } from './launch.ts'
import { ownSandbox } from './own-sandbox.ts'
import { fill, languages, words } from './words.ts'

const domain = 'clairvaux-les-granges.example'
const invited = 'swann.potiron@prestataire-fictif.example'

/** What a page that was tampered with would get: what the screens hide is refused all the same. */
const refusalOf = (page: Page) =>
  page.evaluate(async (name) => {
    const reply = await window.bridge['aliases.create']({
      domain: name,
      localPart: 'en-douce',
      destinations: ['ailleurs@exemple.example'],
      allowToSend: false,
    })
    return reply.ok ? 'done' : `${reply.failure.code}/${reply.failure.reason}`
  }, domain)

for (const locale of languages) {
  const say = words[locale]

  test(`${locale}: an alias with three destinations, each with its own result, goes one by one and all at once`, async ({
    launch,
  }) => {
    const { sandbox, args } = await ownSandbox()
    const running = await launch({ locale, args })
    const { page } = running
    const agent = agentOn(running, say)
    const { drawer: dialog } = agent
    const address = `accueil.mairie@${domain}`
    const destinations = ['un', 'deux', 'trois'].map((name) => `${name}@partenaire.example`)
    const posts = () => sandbox.requests.filter(({ method }) => method === 'POST').length
    const inSandbox = () =>
      sandbox.world
        .aliases(domain)
        .flatMap((one) => (one.username === 'accueil.mairie' ? [one.destination] : []))
    await agent.openDomain(domain)
    await page.getByRole('tab', { name: say.domain.tabs.aliases }).click()
    await expect(agent.row('conseil')).toContainText('secretariat@partenaire.example')

    await test.step('one destination fails, and the two others are made', async () => {
      let call = 0
      sandbox.answerNext(
        ({ method, path }) => method === 'POST' && path.endsWith('/aliases/') && ++call === 2,
        { answer: { status: 500, headers: { 'content-type': 'text/plain' }, body: 'Internal Server Error' } },
      )
      await page.getByRole('button', { name: say.aliases.new }).click()
      await dialog.getByRole('textbox', { name: say.aliases.localPart }).fill('Accueil.Mairie')
      const field = dialog.getByRole('combobox', { name: say.aliases.destinations })
      for (const destination of destinations) {
        await field.fill(destination)
        await field.press('Enter')
      }
      const before = posts()
      await dialog.getByRole('button', { name: say.aliases.create, exact: true }).click()
      const results = dialog.getByRole('list', { name: say.aliases.results })
      await expect(results.getByRole('status')).toHaveCount(2)
      await expect(results.getByRole('listitem').nth(1)).toContainText(`${destinations[1]}`)
      await expect(results.getByRole('alert')).toContainText(
        fill(say.failures['server-error'].status, { status: 500 }),
      )
      expect(posts() - before).toBe(3)
      expect(inSandbox()).toEqual([destinations[0], destinations[2]])
    })

    await test.step('what failed is tried again, and nothing else', async () => {
      const before = posts()
      await dialog.getByRole('button', { name: say.aliases.again }).click()
      const results = dialog.getByRole('list', { name: say.aliases.results })
      await expect(results.getByRole('listitem')).toHaveText([`${say.aliases.made} ${destinations[1]}`])
      expect(posts() - before).toBe(1)
      await dialog.getByRole('button', { name: say.app.close }).last().click()
      await expect(dialog).toHaveCount(0)
      for (const destination of destinations) await expect(agent.row(address)).toContainText(destination)
    })

    const alias = page.getByRole('dialog', { name: address, exact: true })
    await test.step('one destination goes, its consequence said first', async () => {
      await page.getByRole('button', { name: address }).click()
      const [first = ''] = destinations
      await alias.getByRole('button', { name: fill(say.aliases.removeWhat, { destination: first }) }).click()
      const question = page.getByRole('dialog', { name: fill(say.aliases.askOne, { alias: address }) })
      await expect(question).toContainText(
        fill(say.aliases.askOneWhat, { alias: address, destination: first }),
      )
      expect(inSandbox()).toHaveLength(3)
      await question.getByRole('button', { name: say.aliases.remove, exact: true }).click()
      await expect(alias.getByRole('listitem')).toHaveCount(2)
      await expect(alias).not.toContainText(first)
      expect(inSandbox().sort()).toEqual([destinations[1], destinations[2]].sort())
    })

    await test.step('the whole alias goes, its consequence said first', async () => {
      await alias.getByRole('button', { name: say.aliases.removeAll }).click()
      const question = page.getByRole('dialog', { name: fill(say.aliases.askAll, { alias: address }) })
      await expect(question).toContainText(fill(say.aliases.askAllWhat_other, { alias: address, count: 2 }))
      await question.getByRole('button', { name: say.aliases.removeAll }).click()
      await expect(agent.row(address)).toHaveCount(0)
      expect(inSandbox()).toEqual([])
    })
    await sandbox.close()
  })

  test(`${locale}: somebody new is invited, sees one domain, is given another role, and leaves the last owner in place`, async ({
    launch,
  }) => {
    test.setTimeout(120_000)
    const running = await launch({ locale })
    const { page } = running
    const agent = agentOn(running, say)
    const rights = () => page.getByRole('tab', { name: say.domain.tabs.rights }).click()
    const become = async (from: string, to: string) => {
      await agent.signOut(from)
      await agent.signIn(to)
    }
    const invite = async (email: string, role: 'viewer' | 'administrator') => {
      await page.getByRole('button', { name: say.rights.give }).click()
      await agent.drawer.getByRole('textbox', { name: say.rights.email }).fill(email)
      await agent.drawer.getByRole('combobox', { name: say.rights.column.role }).click()
      await page.getByRole('option', { name: say.rights.role[role] }).click()
      await expect(agent.drawer).toContainText(say.rights.roleMeans[role])
      await agent.drawer.getByRole('button', { name: say.rights.give, exact: true }).click()
      await expect(page.getByText(fill(say.rights.invited, { email }))).toBeVisible()
      await expect(agent.drawer).toHaveCount(0)
    }
    const letters = page.getByRole('list', { name: say.nav.outbox })
    await agent.openSandbox()
    await agent.openDomain(domain)
    await page.getByRole('tab', { name: say.domain.tabs.aliases }).click()
    await expect(agent.row('conseil')).toBeVisible()
    await rights()

    await test.step('a right given to somebody new is an invitation, and its message arrives', async () => {
      await expect(page.getByText(say.rights.mine.support)).toBeVisible()
      await invite(invited, 'viewer')
      await expect(page.getByText(say.mail.sentTo)).toContainText(invited)
      const open = page.getByRole('table').filter({ hasText: say.rights.column.email })
      await expect(open.getByRole('row').filter({ hasText: invited })).toContainText(say.rights.role.viewer)
      await agent.go(say.nav.outbox)
      await expect(letters.getByRole('listitem')).toHaveCount(1)
      await expect(page.getByRole('article')).toContainText(invited)
      await expect(page.getByRole('article')).toContainText(domain)
    })

    await test.step('that person sees this domain only, and may change nothing of it', async () => {
      await become('Camille Ciboulette', 'unknown')
      await agent.seesDomains(1)
      await agent.openDomain(domain)
      await expect(page.getByText(say.domain.readOnly)).toBeVisible()
      await expect(agent.check()).toHaveCount(0)
      await page.getByRole('tab', { name: say.domain.tabs.aliases }).click()
      await expect(agent.row('conseil')).toBeVisible()
      await expect(page.getByRole('button', { name: say.aliases.new })).toHaveCount(0)
      await page.getByRole('button', { name: `conseil@${domain}` }).click()
      await expect(agent.drawer.getByRole('listitem')).toHaveCount(2)
      await expect(agent.drawer.getByRole('button', { name: say.aliases.removeAll })).toHaveCount(0)
      await page.keyboard.press('Escape')
      await page.getByRole('tab', { name: say.domain.tabs.mailboxes }).click()
      await expect(page.getByText(say.mailboxes.readOnly)).toBeVisible()
      for (const name of [say.mailboxes.new, say.csv.open, say.drift.compare])
        await expect(page.getByRole('button', { name })).toHaveCount(0)
      await rights()
      await expect(page.getByText(say.rights.mine.viewer)).toBeVisible()
      await expect(page.getByRole('button', { name: say.rights.give })).toHaveCount(0)
      expect(await refusalOf(page)).toBe('refused/role')
      await agent.go(say.nav.domains)
      await expect(page.getByRole('button', { name: say.setup.new })).toHaveCount(0)
    })

    await test.step('back as support, the invitation is an access', async () => {
      await become('Swann Potiron', 'support')
      await agent.seesDomains(60)
      await agent.openDomain(domain)
      await rights()
      await expect(
        page.getByRole('heading', { name: fill(say.rights.accesses_other, { count: 2 }) }),
      ).toBeVisible()
      await expect(page.getByRole('table').filter({ hasText: say.rights.column.email })).toHaveCount(0)
    })

    const roleOf = (person: string) =>
      page.getByRole('combobox', { name: fill(say.rights.roleOf, { person }) })
    const removalOf = (person: string) =>
      page.getByRole('button', { name: fill(say.rights.removeWho, { person }) })
    const give = async (person: string, role: 'administrator' | 'owner') => {
      await roleOf(person).click()
      await page.getByRole('option', { name: say.rights.role[role] }).click()
      const now = fill(say.rights.changed, { person, role: say.rights.role[role] })
      await expect(page.getByText(now)).toBeVisible()
    }
    await test.step('the last owner stays, until there is another one', async () => {
      await expect(agent.row('Robin Betterave')).toContainText(say.rights.lastOwner)
      await expect(removalOf('Robin Betterave')).toHaveCount(0)
      await give('Swann Potiron', 'administrator')
      await expect(agent.row('Robin Betterave')).toContainText(say.rights.lastOwner)
      await give('Swann Potiron', 'owner')
      await expect(agent.row('Robin Betterave')).not.toContainText(say.rights.lastOwner)
      await removalOf('Robin Betterave').click()
      const question = page.getByRole('dialog', {
        name: fill(say.rights.removeAsk, { person: 'Robin Betterave' }),
      })
      await expect(question).toContainText(fill(say.rights.removeWhat, { person: 'Robin Betterave', domain }))
      await question.getByRole('button', { name: say.rights.remove, exact: true }).click()
      await expect(agent.row('Robin Betterave')).toHaveCount(0)
      await expect(agent.row('Swann Potiron')).toContainText(say.rights.lastOwner)
    })

    await test.step('an invitation is renewed with a second message, then revoked', async () => {
      const email = 'stagiaire@prestataire-fictif.example'
      await invite(email, 'administrator')
      await page.getByRole('button', { name: fill(say.rights.resendTo, { email }) }).click()
      await expect(page.getByText(fill(say.rights.renewed, { email }))).toBeVisible()
      await page.getByRole('button', { name: fill(say.rights.revokeOf, { email }) }).click()
      await expect(page.getByText(fill(say.rights.revoked, { email }))).toBeVisible()
      await expect(agent.row(email)).toHaveCount(0)
      await agent.go(say.nav.outbox)
      await expect(letters.getByRole('listitem').filter({ hasText: email })).toHaveCount(2)
      await agent.go(say.nav.journal)
      await expect(agent.row(say.journal.action['invitation.renew'])).toContainText(domain)
      await expect(agent.row(say.journal.action['invitation.revoke'])).toContainText(domain)
      await expect(agent.row(say.journal.action['access.change']).first()).toContainText(domain)
    })
  })
}
