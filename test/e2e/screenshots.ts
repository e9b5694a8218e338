import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { root } from '../tools/bootstrap.mjs'
import { launchStandIn } from './launch-stand-in.ts'

const words = {
  fr: {
    open: 'Ouvrir le bac à sable',
    filter: 'Filtrer les domaines par nom',
    search: 'Rechercher un domaine, une commande…',
    repair: 'Réparer',
    after: 'Après',
    tabs: ['Enregistrements attendus', 'Données brutes'],
    places: { jobs: 'Travaux', journal: 'Journal', sandbox: 'Bac à sable', settings: 'Réglages' },
    checkAll: 'Contrôler tout',
    close: 'Fermer',
    stop: 'Arrêter',
    schemes: { light: 'Claire', dark: 'Sombre' },
    domains: 'Domaines',
    done: 'terminé',
    away: 'dimail ne répond pas',
  },
  en: {
    open: 'Open the sandbox',
    filter: 'Filter the domains by name',
    search: 'Search a domain, a command…',
    repair: 'Repair',
    after: 'After',
    tabs: ['Expected records', 'Raw data'],
    places: { jobs: 'Jobs', journal: 'Journal', sandbox: 'Sandbox', settings: 'Settings' },
    checkAll: 'Check all',
    close: 'Close',
    stop: 'Stop',
    schemes: { light: 'Light', dark: 'Dark' },
    domains: 'Domains',
    done: 'done',
    away: 'dimail does not answer',
  },
} as const

/** One picture of each view, in French and English, light and dark, under docs/screenshots/. */
export async function takeScreenshots(): Promise<void> {
  const folder = join(root, 'docs', 'screenshots')
  mkdirSync(folder, { recursive: true })
  for (const locale of ['fr', 'en'] as const) {
    for (const scheme of ['light', 'dark'] as const) await tour(folder, locale, scheme)
  }
}

async function tour(folder: string, locale: 'fr' | 'en', scheme: 'light' | 'dark'): Promise<void> {
  const userData = mkdtempSync(join(tmpdir(), 'console-pictures-'))
  const running = await launchStandIn(root, ['--user-data', userData, `--lang=${locale}`, '--headless'], {})
  const { page } = running
  const say = words[locale]
  const picture = async (view: string) => {
    await page.mouse.move(0, 0)
    await page.screenshot({ path: join(folder, `${view}-${locale}-${scheme}.png`), animations: 'disabled' })
  }
  const nav = page.getByRole('navigation')
  const go = (name: string) => nav.getByRole('button', { name, exact: false }).first().click()
  try {
    await page.emulateMedia({ colorScheme: scheme })
    await page.getByRole('button', { name: say.open }).waitFor()
    await picture('welcome')
    await page.getByRole('button', { name: say.open }).click()
    await page.getByRole('row').nth(5).waitFor()

    await go(say.places.settings)
    await page.getByText(say.schemes[scheme], { exact: true }).click()
    await picture('settings')
    await go(say.domains)
    await page.getByRole('button', { name: say.checkAll }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText(say.done, { exact: false }).first().waitFor()
    await picture('job')
    await drawer.getByRole('button', { name: say.close }).click()
    await page.getByRole('checkbox').nth(1).check()
    await page.getByRole('checkbox').nth(8).check()
    await picture('domains')

    await open(page, say.filter, 'montfleury')
    await picture('domain-action-required')
    for (const tab of say.tabs) {
      await page.getByRole('tab', { name: tab }).click()
      await picture(tab === say.tabs[0] ? 'domain-records' : 'domain-raw')
    }
    await go(say.domains)
    await open(page, say.filter, 'ehpad-les-tilleuls')
    await page.getByRole('button', { name: say.repair, exact: true }).click()
    await picture('domain-repair-confirm')
    await page.getByRole('dialog').getByRole('button', { name: say.repair }).click()
    await page.getByRole('heading', { name: say.after }).waitFor()
    await picture('domain-repaired')

    for (const [view, name] of Object.entries(say.places)) {
      if (view === 'settings') continue
      await go(name)
      await page.getByRole('heading', { level: 1, name }).waitFor()
      await picture(view)
    }
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await picture('keys')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder(say.search).fill('mairie')
    await page.getByText('mairie-', { exact: false }).first().waitFor()
    await picture('palette')
    await page.keyboard.press('Escape')

    await go(say.places.sandbox)
    await page.getByRole('button', { name: say.stop }).click()
    await page.getByRole('alert').getByText(say.away).waitFor()
    await go(say.domains)
    await picture('offline')
  } finally {
    await running.close()
    rmSync(userData, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function open(page: Page, filter: string, name: string): Promise<void> {
  await page.getByRole('searchbox', { name: filter }).fill(name)
  await page.getByRole('row').nth(1).getByRole('button').click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await page.getByRole('tab').first().waitFor()
}
