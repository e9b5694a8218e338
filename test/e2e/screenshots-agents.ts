import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { startSandbox } from '../../main/sandbox/server.ts'
import { seeConsole } from '../canaries/seen.ts'
import { clickThrough } from '../fakes/click-through.ts'
import { root } from '../tools/bootstrap.mjs'
import { agentOn } from './agent.ts'
import { launchStandIn } from './launch-stand-in.ts'
import { withAgents } from './own-sandbox.ts'
import type { Running } from './running.ts'
import { type Words, words } from './words.ts'

export type Picture = (view: string) => Promise<void>

/** Who comes to the sandbox, from the gate on. */
export async function gate(running: Running, say: Words, picture: Picture): Promise<void> {
  const { page } = running
  const agent = agentOn(running, say)
  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor()
  await page.getByRole('button', { name: say.welcome.all }).click()
  await page.getByRole('radio', { name: say.profiles.signIn.provider }).check()
  await page.evaluate(() => document.getElementById('profile-identity')?.scrollIntoView())
  await picture('profile-new')
  await page.evaluate(() => document.getElementById('profile-sign-in')?.scrollIntoView())
  await picture('profile-new-sign-in')
  await page.getByRole('button', { name: say.app.cancel, exact: true }).click()
  await page.getByRole('button', { name: say.welcome.sandboxOpen }).click()
  await page.getByRole('button', { name: say.session.signIn, exact: true, disabled: false }).waitFor()
  await picture('gate')
  const link = await agent.beginSignIn()
  await heading(say.session.awaiting)
  await picture('signing-in')
  await clickThrough(link, 'not-activated')
  await heading(say.session.refused)
  await picture('refused')
  await page.getByRole('button', { name: say.session.signOut, exact: true }).click()
  await agent.signIn('two-towns')
  await page.getByText(say.rightsNews.changed).waitFor()
  await picture('rights-news')
  await agent.signOut('Charlie Panais')
  await agent.signIn()
}

/** Lines that are judged before anything is done. */
export async function provisioning(page: Page, say: Words, picture: Picture): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: say.nav.provisioning }).click()
  await picture('provisioning')
  const lines = [
    'domaine;siret;canton',
    'castelnoir.example;99900000200015;Combe-Noire',
    'neuvy-fictif.example;99900000300013;Val-Perdu',
    'pas un nom;;',
  ]
  await page.getByRole('textbox', { name: say.provisioning.paste }).fill(lines.join('\n'))
  await page.getByRole('button', { name: say.provisioning.dryRun }).click()
  await page.getByRole('region', { name: say.provisioning.lines }).getByText('neuvy-fictif').waitFor()
  await picture('provisioning-dry-run')
}

/** A real dimail whose profile asks first: what DeployCenter would change, and an agent who is only known. */
export async function town(folder: string, locale: 'fr' | 'en', scheme: 'light' | 'dark'): Promise<void> {
  const say = words[locale]
  const made = mkdtempSync(join(tmpdir(), 'console-pictures-'))
  const sandbox = await startSandbox({})
  const profile = join(made, 'profile.json')
  const { url: address, username, password } = sandbox
  const more = { name: 'Préproduction', colour: 'red', lock: 'ask', ...withAgents(sandbox) }
  writeFileSync(profile, JSON.stringify({ address, username, password, ...more }))
  const args = ['--user-data', join(made, 'data'), `--lang=${locale}`, '--headless', '--profile', profile]
  const seen = seeConsole()
  let running = await launchStandIn(root, args, seen.env)
  const picture = async (view: string) => {
    const name = `${view}-${locale}-${scheme}`
    await seen.look(running.page, name)
    await takePicture(running.page, folder, name)
  }
  let found: string[] = []
  try {
    await running.page.emulateMedia({ colorScheme: scheme })
    const agent = agentOn(running, say)
    await agent.signIn('two-towns')
    await agent.seesDomains(2)
    await running.page.getByRole('button', { name: say.notice.dismiss }).last().click()
    sandbox.agents.entitle('two-towns', {
      domains: ['castelnoir.example', 'sdis-valdore.example', 'inconnue-fictive.example'],
      subscription: 'active',
    })
    await agent.go(say.nav.settings)
    await running.page.getByRole('button', { name: say.rightsPlan.read }).click()
    const planned = running.page.getByText(say.rightsPlan.becoming.planned.add)
    await planned.waitFor()
    await planned.scrollIntoViewIfNeeded()
    await picture('rights-plan')
    await agent.openDomain('sdis-valdore.example')
    await running.page.getByRole('tab', { name: say.domain.tabs.aliases }).click()
    await running.page.getByRole('button', { name: say.aliases.new }).click()
    await agent.drawer.getByRole('textbox', { name: say.aliases.localPart }).fill('accueil-fictif')
    const destinations = agent.drawer.getByRole('combobox', { name: say.aliases.destinations })
    await destinations.fill('caserne@ailleurs.example')
    await destinations.press('Enter')
    await agent.drawer.getByRole('button', { name: say.aliases.create, exact: true }).click()
    await running.page.getByRole('button', { name: say.ask.yes }).waitFor()
    await picture('ask')
    seen.hear(running.output())
    await running.close()
    running = await launchStandIn(root, args, seen.env)
    await running.page.emulateMedia({ colorScheme: scheme })
    await agentOn(running, say).knownBanner.waitFor()
    await picture('known')
  } finally {
    await running.close()
    await sandbox.close()
    seen.hear(running.output())
    found = seen.finds([join(made, 'data')])
    rmSync(made, { recursive: true, force: true, maxRetries: 5 })
  }
  if (found.length > 0)
    throw new Error(`A secret is in the pictures (docs/faults.md 70):\n${found.join('\n')}`)
}

export async function takePicture(page: Page, folder: string, name: string): Promise<void> {
  await page.mouse.move(0, 0)
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
}
