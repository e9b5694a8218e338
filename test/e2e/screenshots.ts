import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { root } from '../tools/bootstrap.mjs'
import { launchStandIn } from './launch-stand-in.ts'
import { languages, words } from './words.ts'

/** One picture of each view, in French and English, light and dark, under docs/screenshots/. */
export async function takeScreenshots(): Promise<void> {
  const folder = join(root, 'docs', 'screenshots')
  mkdirSync(folder, { recursive: true })
  for (const locale of languages) {
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
    await page.getByRole('button', { name: say.welcome.sandboxOpen }).waitFor()
    await picture('welcome')
    await page.getByRole('button', { name: say.welcome.sandboxOpen }).click()
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
    for (const tab of [say.domain.tabs.records, say.domain.tabs.raw]) {
      await page.getByRole('tab', { name: tab }).click()
      await picture(tab === say.domain.tabs.records ? 'domain-records' : 'domain-raw')
    }
    await go(say.nav.domains)
    await open(page, say.domains.search, 'ehpad-les-tilleuls')
    await page.getByRole('button', { name: say.domain.repair, exact: true }).click()
    await picture('domain-repair-confirm')
    await page.getByRole('dialog').getByRole('button', { name: say.domain.repair }).click()
    await page.getByRole('heading', { name: say.domain.after }).waitFor()
    await picture('domain-repaired')

    for (const view of ['jobs', 'journal', 'sandbox'] as const) {
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
    rmSync(userData, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function open(page: Page, filter: string, name: string): Promise<void> {
  await page.getByRole('searchbox', { name: filter }).fill(name)
  await page.getByRole('row').nth(1).getByRole('button').click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await page.getByRole('tab').first().waitFor()
}
