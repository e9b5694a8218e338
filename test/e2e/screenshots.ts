import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { seeConsole } from '../canaries/seen.ts'
import { root } from '../tools/bootstrap.mjs'
import { launchStandIn } from './launch-stand-in.ts'
import { gate, type Picture, provisioning, takePicture, town } from './screenshots-agents.ts'
import { dnsPictures } from './screenshots-dns.ts'
import { languages, type Words, words } from './words.ts'

/** One picture of each view, in French and English, light and dark, under docs/screenshots/; `only` some: `fr-light`. */
export async function takeScreenshots(only: readonly string[] = []): Promise<void> {
  const folder = join(root, 'docs', 'screenshots')
  mkdirSync(folder, { recursive: true })
  for (const locale of languages) {
    for (const scheme of ['light', 'dark'] as const) {
      if (only.length > 0 && !only.includes(`${locale}-${scheme}`)) continue
      await tour(folder, locale, scheme)
      await town(folder, locale, scheme)
    }
  }
}

async function tour(folder: string, locale: 'fr' | 'en', scheme: 'light' | 'dark'): Promise<void> {
  const userData = mkdtempSync(join(tmpdir(), 'console-pictures-'))
  const seen = seeConsole()
  let found: string[] = []
  const running = await launchStandIn(
    root,
    ['--user-data', userData, `--lang=${locale}`, '--headless'],
    seen.env,
  )
  const { page } = running
  const say = words[locale]
  const picture = async (view: string) => {
    const name = `${view}-${locale}-${scheme}`
    await seen.look(page, name)
    await takePicture(page, folder, name)
  }
  const nav = page.getByRole('navigation')
  const go = (name: string) => nav.getByRole('button', { name, exact: false }).first().click()
  try {
    await page.emulateMedia({ colorScheme: scheme })
    await page.getByRole('button', { name: say.welcome.sandboxOpen }).waitFor()
    await picture('welcome')
    await gate(running, say, picture)
    await page.getByRole('row').nth(5).waitFor()

    await go(say.nav.settings)
    await page.getByText(say.settings.scheme[scheme], { exact: true }).click()
    await picture('settings')
    await go(say.nav.domains)
    await page.getByRole('button', { name: say.domains.checkAll }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText(say.jobs.state.done, { exact: false }).first().waitFor()
    await picture('job')
    await drawer.getByRole('button', { name: say.app.close }).click()
    await page.getByRole('checkbox').nth(1).check()
    await page.getByRole('checkbox').nth(8).check()
    await picture('domains')

    await open(page, say.domains.search, 'montfleury')
    await picture('domain-action-required')
    await page.getByRole('tab', { name: say.domain.tabs.raw }).click()
    await picture('domain-raw')
    await dnsPictures(running, say, picture)
    await go(say.nav.domains)
    await open(page, say.domains.search, 'ehpad-les-tilleuls')
    await page.getByRole('button', { name: say.domain.repair, exact: true }).click()
    await picture('domain-repair-confirm')
    await page.getByRole('dialog').getByRole('button', { name: say.domain.repair }).click()
    await page.getByRole('heading', { name: say.domain.after }).waitFor()
    await picture('domain-repaired')

    await people(page, say, picture)
    await provisioning(page, say, picture)
    for (const view of ['jobs', 'journal', 'messages', 'outbox', 'sandbox'] as const) {
      const name = say.nav[view]
      await go(name)
      await page.getByRole('heading', { level: 1, name }).waitFor()
      await picture(view)
    }
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await picture('keys')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder(say.search.placeholder).fill('mairie')
    await page.getByText('mairie-', { exact: false }).first().waitFor()
    await picture('palette')
    await page.keyboard.press('Escape')

    await go(say.nav.sandbox)
    await page.getByRole('button', { name: say.sandbox.stop }).click()
    await page.getByRole('alert').getByText(say.connectivity.banner['not-answering']).waitFor()
    await go(say.nav.domains)
    await picture('offline')
  } finally {
    await running.close()
    seen.hear(running.output())
    found = seen.finds([userData])
    rmSync(userData, { recursive: true, force: true, maxRetries: 5 })
  }
  if (found.length > 0)
    throw new Error(`A secret is in the pictures (docs/faults.md 70):\n${found.join('\n')}`)
}

/** What is on a domain: its mailboxes, its aliases, who may do what with it, and a domain to be. */
async function people(page: Page, say: Words, picture: Picture): Promise<void> {
  const dialog = page.getByRole('dialog')
  const tab = (name: string) => page.getByRole('tab', { name }).click()
  const button = (name: string) => page.getByRole('button', { name }).first()
  const away = async () => {
    await page.keyboard.press('Escape')
    await dialog.first().waitFor({ state: 'detached' })
  }
  const domains = () => page.getByRole('navigation').getByRole('button', { name: say.nav.domains }).first()
  const newMailbox = async (given: string, surname: string, secondary: string) => {
    await button(say.mailboxes.new).click()
    await dialog.getByRole('textbox', { name: say.mailbox.givenName }).fill(given)
    await dialog.getByRole('textbox', { name: say.mailbox.surName, exact: true }).fill(surname)
    await dialog.getByRole('textbox', { name: say.mailbox.secondary }).fill(secondary)
  }
  await domains().click()
  await open(page, say.domains.search, 'clairvaux-les-granges')
  await tab(say.domain.tabs.mailboxes)
  await page.getByRole('table').getByText('@').first().waitFor()
  await picture('mailboxes')
  await newMailbox('Éloïse', 'Bœuf', 'eloise@ailleurs.example')
  await picture('mailbox-new')
  await dialog.getByRole('button', { name: say.mailbox.create }).click()
  await dialog.getByText(say.mailbox.once).waitFor()
  await dialog.getByRole('button', { name: say.app.close }).last().click()
  await page.getByRole('searchbox', { name: say.mailboxes.search }).fill('boeuf')
  await button('eloise.boeuf@').click()
  await dialog.getByText(say.mailbox.acts, { exact: true }).waitFor()
  await picture('mailbox')
  await away()
  await button(say.csv.open).click()
  await dialog.getByRole('textbox', { name: say.csv.paste }).fill('luc.petit;Luc;Petit\nlea..dot;Léa;Dot')
  await dialog.getByRole('button', { name: say.csv.read }).click()
  await dialog.getByRole('button', { name: say.csv.back }).waitFor()
  await picture('mailboxes-csv')
  await away()
  await button(say.drift.compare).click()
  await page.getByRole('button', { name: say.drift.see, exact: true }).click()
  await picture('mailboxes-drift')
  await away()

  await tab(say.domain.tabs.aliases)
  await button('conseil@').waitFor()
  await picture('aliases')
  await button(say.aliases.new).click()
  await dialog.getByRole('textbox', { name: say.aliases.localPart }).fill('accueil-fictif')
  const destinations = dialog.getByRole('combobox', { name: say.aliases.destinations })
  for (const destination of ['mairie@ailleurs.example', 'pas une adresse']) {
    await destinations.fill(destination)
    await destinations.press('Enter')
  }
  await dialog.getByRole('button', { name: say.aliases.create, exact: true }).click()
  await dialog.getByRole('list', { name: say.aliases.results }).waitFor()
  await picture('alias-new')
  await away()

  await tab(say.domain.tabs.rights)
  await button(say.rights.give).click()
  await dialog
    .getByRole('textbox', { name: say.rights.email })
    .fill('swann.potiron@prestataire-fictif.example')
  await picture('invite')
  await dialog.getByRole('button', { name: say.rights.give, exact: true }).click()
  await page.getByText(say.mail.sentTo).waitFor()
  await picture('rights')

  await domains().click()
  await open(page, say.domains.search, 'castelnoir')
  await tab(say.domain.tabs.mailboxes)
  await newMailbox('Zoé', 'Châtaigne', '')
  await dialog.getByRole('button', { name: say.mailbox.create }).click()
  await dialog.getByText(say.mailbox.kept).waitFor()
  await dialog.getByRole('button', { name: say.app.close }).last().click()
  await page.getByText(say.waiting.means.waiting).waitFor()
  await picture('mailboxes-waiting')

  await domains().click()
  await button(say.setup.new).click()
  await dialog.getByRole('textbox', { name: say.setup.name }).fill('commune-née.example')
  await dialog.getByText('xn--').waitFor()
  await picture('domain-new')
  await away()
}

async function open(page: Page, filter: string, name: string): Promise<void> {
  await page.getByRole('searchbox', { name: filter }).fill(name)
  await page.getByRole('row').nth(1).getByRole('button').click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await page.getByRole('tab').first().waitFor()
}
