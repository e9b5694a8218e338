import { clickThrough } from '../fakes/click-through.ts'
import { agentOn } from './agent.ts'
import { axeOn } from './axe.ts'
import { expect, test } from './launch.ts'
import { ownSandbox, withAgents } from './own-sandbox.ts'
import { fill, languages, words } from './words.ts'

for (const locale of languages) {
  for (const scheme of ['light', 'dark'] as const) {
    test(`${locale}, ${scheme}: axe finds nothing on any view`, async ({ launch }) => {
      test.setTimeout(120_000)
      const say = words[locale]
      const running = await launch({ locale })
      const { page } = running
      const agent = agentOn(running, say)
      await page.emulateMedia({ reducedMotion: 'reduce' })
      const { look, found } = axeOn(page)

      await agent.page.getByRole('button', { name: say.welcome.sandboxOpen }).waitFor()
      await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: scheme })
      await look('welcome')
      await page.getByRole('button', { name: say.welcome.all }).click()
      await page.getByRole('radio', { name: say.profiles.signIn.provider }).check()
      await page.getByRole('radio', { name: say.profiles.backend.deploycenter }).check()
      await page.getByRole('radio', { name: say.profiles.flagsFrom.address }).check()
      await page.getByRole('switch', { name: say.profiles.provisioning.on }).check()
      await look('a new profile')
      await page.getByRole('button', { name: say.profiles.saveNew }).click()
      await expect(page.getByText(say.profiles.someWrong)).toBeVisible()
      await look('a new profile in which something is wrong')
      await page.getByRole('button', { name: say.app.cancel, exact: true }).click()
      await page.getByRole('button', { name: say.welcome.sandboxOpen }).click()
      await expect(agent.gate).toBeVisible()
      await look('the gate')
      const link = await agent.beginSignIn()
      await expect(page.getByRole('heading', { level: 1, name: say.session.awaiting })).toBeVisible()
      await look('signing in')
      await clickThrough(link, 'not-activated')
      await expect(page.getByRole('heading', { level: 1, name: say.session.refused })).toBeVisible()
      await look('refused')
      await page.getByRole('button', { name: say.session.signOut, exact: true }).click()
      await agent.signIn()
      await agent.seesDomains(60)
      await agent.go(say.nav.settings)
      await page.getByText(say.settings.scheme[scheme], { exact: true }).click()
      await look('settings')

      await agent.go(say.nav.domains)
      await agent.rows().nth(1).getByRole('checkbox').check()
      await look('domains, with a selection')
      await page.keyboard.press('R')
      await expect(agent.drawer).toContainText(say.jobs.state.done)
      await look('the drawer of a job')
      await agent.drawer.getByRole('button', { name: say.app.close }).click()
      await expect(agent.drawer).toHaveCount(0)

      await agent.openDomain('mairie-sauvebelle.example')
      await look('a domain that needs an action')
      for (const tab of [say.domain.tabs.records, say.domain.tabs.history, say.domain.tabs.raw]) {
        await page.getByRole('tab', { name: tab }).click()
        await look(tab)
      }
      await agent.openDomain('ehpad-les-tilleuls.example')
      await agent.repair().click()
      const asked = page.getByRole('dialog', {
        name: fill(say.domain.repairConfirm, { name: 'ehpad-les-tilleuls.example' }),
      })
      await expect(asked).toBeVisible()
      await look('the question before a repair')
      await asked.getByRole('button', { name: say.domain.repair }).click()
      await expect(page.getByText(say.domain.effect.repaired)).toBeVisible()
      await look('a repaired domain')

      await agent.openDomain('clairvaux-les-granges.example')
      const tab = (name: string) => page.getByRole('tab', { name }).click()
      const away = async () => {
        await page.keyboard.press('Escape')
        await expect(agent.drawer).toHaveCount(0)
      }
      await tab(say.domain.tabs.mailboxes)
      await expect(page.getByRole('button', { name: say.mailboxes.new })).toBeEnabled()
      await expect(agent.rows().nth(1)).toContainText('@')
      await look('mailboxes')
      await tab(say.domain.tabs.aliases)
      await expect(agent.row('conseil')).toBeVisible()
      await look('aliases')
      await page.getByRole('button', { name: say.aliases.new }).click()
      await agent.drawer.getByRole('textbox', { name: say.aliases.localPart }).fill('accueil-fictif')
      const destinations = agent.drawer.getByRole('combobox', { name: say.aliases.destinations })
      for (const destination of ['mairie@ailleurs.example', 'pas une adresse']) {
        await destinations.fill(destination)
        await destinations.press('Enter')
      }
      await look('a new alias')
      await agent.drawer.getByRole('button', { name: say.aliases.create, exact: true }).click()
      await expect(agent.drawer.getByRole('list', { name: say.aliases.results })).toBeVisible()
      await look('the results of a new alias')
      await away()
      await page.getByRole('button', { name: 'conseil@clairvaux-les-granges.example' }).click()
      await look('one alias')
      await agent.drawer.getByRole('button', { name: say.aliases.removeAll }).click()
      await look('the question before an alias goes')
      await page.keyboard.press('Escape')
      await away()
      await tab(say.domain.tabs.rights)
      await page.getByRole('button', { name: say.rights.give }).click()
      await agent.drawer
        .getByRole('textbox', { name: say.rights.email })
        .fill('swann.potiron@prestataire-fictif.example')
      await look('an invitation')
      await agent.drawer.getByRole('button', { name: say.rights.give, exact: true }).click()
      await expect(agent.drawer).toHaveCount(0)
      await expect(page.getByText(say.mail.sentTo)).toBeVisible()
      await look('rights')

      await agent.go(say.nav.provisioning)
      await expect(page.getByRole('heading', { level: 1, name: say.provisioning.title })).toBeVisible()
      await look('provisioning')
      const lines = `domaine;siret;canton\ncastelnoir.example;99900000200015;Combe-Noire\npas un nom;;\n`
      await page.getByRole('textbox', { name: say.provisioning.paste }).fill(lines)
      await page.getByRole('button', { name: say.provisioning.dryRun }).click()
      await expect(page.getByRole('region', { name: say.provisioning.lines })).toContainText('castelnoir')
      await look('a dry run')

      await agent.go(say.nav.domains)
      await page.getByRole('button', { name: say.setup.new }).click()
      await agent.drawer.getByRole('textbox', { name: say.setup.name }).fill('commune-née.example')
      await expect(agent.drawer.getByRole('status')).toContainText('xn--')
      await look('a new domain')
      await away()

      for (const place of [
        say.nav.jobs,
        say.nav.journal,
        say.nav.messages,
        say.nav.outbox,
        say.nav.settings,
        say.nav.sandbox,
      ]) {
        await agent.go(place)
        await expect(page.getByRole('heading', { level: 1 })).toContainText(place)
        await look(place)
      }
      await page.keyboard.press('?')
      await expect(page.getByRole('dialog', { name: say.keys.title })).toBeVisible()
      await look('the keys')
      await page.keyboard.press('Escape')
      await expect(page.getByRole('dialog')).toHaveCount(0)
      await page.keyboard.press('Control+k')
      await page.getByPlaceholder(say.search.placeholder).fill('conseil')
      await expect(page.getByRole('dialog')).toContainText('conseil@clairvaux-les-granges.example')
      await look('the search')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: say.sandbox.stop }).click()
      await expect(agent.banner).toBeVisible()
      await look('offline')
      expect(found).toEqual([])
    })

    test(`${locale}, ${scheme}: axe finds nothing where rights change, and where an agent is only known`, async ({
      launch,
    }) => {
      test.setTimeout(120_000)
      const say = words[locale]
      const { sandbox, args } = await ownSandbox((own) => ({ ...withAgents(own), lock: 'ask' }))
      const first = await launch({ locale, args })
      const emulate = { reducedMotion: 'reduce', colorScheme: scheme } as const
      await first.page.emulateMedia(emulate)
      const before = axeOn(first.page)
      const agent = agentOn(first, say)
      await agent.signIn('two-towns')
      await agent.seesDomains(2)
      await before.look('rights that changed')
      await first.page.getByRole('button', { name: say.rightsNews.list }).click()
      await expect(agent.drawer).toContainText('sdis-valdore.example')
      await before.look('the list of rights that changed')
      await first.page.keyboard.press('Escape')
      await expect(agent.drawer).toHaveCount(0)
      await first.page
        .getByRole('button', { name: fill(say.session.label, { name: 'Charlie Panais' }) })
        .click()
      await before.look('the menu of the session')
      await first.page.keyboard.press('Escape')
      sandbox.agents.entitle('two-towns', { domains: ['castelnoir.example'], subscription: 'active' })
      await agent.go(say.nav.settings)
      await first.page.getByRole('button', { name: say.rightsPlan.read }).click()
      await expect(first.page.getByText(say.rightsPlan.becoming.planned.add)).toBeVisible()
      await before.look('a plan of rights')
      await agent.openDomain('villeneuve-les-etangs.example')
      await first.page.getByRole('tab', { name: say.domain.tabs.aliases }).click()
      await first.page.getByRole('button', { name: say.aliases.new }).click()
      await agent.drawer.getByRole('textbox', { name: say.aliases.localPart }).fill('accueil-fictif')
      await agent.drawer
        .getByRole('combobox', { name: say.aliases.destinations })
        .fill('mairie@ailleurs.example')
      await first.page.keyboard.press('Enter')
      await agent.drawer.getByRole('button', { name: say.aliases.create, exact: true }).click()
      const asked = first.page.getByRole('dialog', { name: fill(say.ask.title, { name: 'Essai' }) })
      await expect(asked).toBeVisible()
      await before.look('the question of a profile that asks first')
      await first.page.keyboard.press('Escape')
      await expect(asked).toHaveCount(0)
      await first.page.keyboard.press('Escape')
      await expect(agent.drawer).toHaveCount(0)
      sandbox.agents.entitle('two-towns', { domains: [], subscription: 'active' })
      await agent.go(say.nav.settings)
      await first.page.getByRole('button', { name: say.rightsPlan.read }).click()
      await expect(first.page.getByRole('dialog', { name: say.rightsAsk.title })).toBeVisible()
      await before.look('the question before all rights go')

      const second = await first.restart()
      await second.page.emulateMedia(emulate)
      const after = axeOn(second.page)
      await expect(agentOn(second, say).knownBanner).toBeVisible()
      await after.look('an agent who is known')
      expect([...before.found, ...after.found]).toEqual([])
      await sandbox.close()
    })
  }
}
