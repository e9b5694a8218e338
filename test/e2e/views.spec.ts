import { AxeBuilder } from '@axe-core/playwright'
import { agentOn } from './agent.ts'
import { expect, test } from './launch.ts'
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
      const found: string[] = []
      const look = async (view: string) => {
        // A view that still fades in has other colours than the one that is read.
        await page.waitForFunction(() => {
          const dialogs = [...document.querySelectorAll('[role="dialog"]')]
          // Before its fading begins, a dialog has no animation yet and is not opaque either.
          const opaque = dialogs.every((dialog) => getComputedStyle(dialog).opacity === '1')
          return opaque && document.getAnimations().every((one) => one.playState !== 'running')
        })
        const { violations } = await new AxeBuilder({ page }).analyze()
        for (const { id, nodes } of violations)
          found.push(`${view}: ${id} ${nodes.map((node) => node.html).join(' | ')}`)
      }

      await agent.page.getByRole('button', { name: say.welcome.sandboxOpen }).waitFor()
      await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: scheme })
      await look('welcome')
      await agent.openSandbox()
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
  }
}
