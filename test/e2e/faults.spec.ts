import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { startSandbox } from '../../main/sandbox/server.ts'
import { agentOn } from './agent.ts'
import { givenProfile } from './given.ts'
import { expect, test } from './launch.ts'
import { fill, words } from './words.ts'

const say = words.fr

test('first run: each wrong answer of a server has its own sentence, and nothing is saved before all is right', async ({
  launch,
}) => {
  const sandbox = await startSandbox({})
  const running = await launch()
  const { page } = running
  const submit = async (address: string, password: string) => {
    await page.getByLabel(say.welcome.address).fill(address)
    await page.getByRole('textbox', { name: say.welcome.password }).fill(password)
    await page.getByRole('button', { name: say.welcome.connect }).click()
  }
  const answer = (body: string | Buffer, headers: Record<string, string>, status = 200) =>
    sandbox.answerNext('GET /token/', { answer: { status, headers, body: Buffer.from(body) } })
  await page.getByLabel(say.welcome.name).fill('Essai')
  await page.getByLabel(say.welcome.username).fill(sandbox.username)

  const cases: [string, () => void, string, string][] = [
    ['not an address', () => {}, 'dimail', say.failures.invalid.address],
    ['clear text far away', () => {}, 'http://dimail.example', say.failures.invalid['address-scheme']],
    ['nobody there', () => {}, 'http://127.0.0.1:9', say.failures.offline.refused],
    ['wrong password', () => {}, sandbox.url, say.failures.refused.credentials],
    [
      'a web page',
      () => answer('<title>Accueil</title>', { 'content-type': 'text/html' }),
      sandbox.url,
      say.failures['bad-response'].html,
    ],
    [
      'no JSON',
      () => answer('bonjour', { 'content-type': 'text/plain' }),
      sandbox.url,
      say.failures['bad-response']['not-json'],
    ],
    [
      'another shape',
      () => answer('{"jeton":1}', { 'content-type': 'application/json' }),
      sandbox.url,
      say.failures['bad-response'].shape,
    ],
    [
      'a redirect',
      () => answer('', { location: 'https://ailleurs.example/' }, 307),
      sandbox.url,
      say.failures['bad-response'].redirect,
    ],
    [
      'bytes that are no UTF-8',
      () => answer(Buffer.from('{"detail":"\xe9"}', 'latin1'), { 'content-type': 'application/json' }),
      sandbox.url,
      say.failures['bad-response'].charset,
    ],
  ]
  for (const [name, prepare, address, sentence] of cases) {
    await test.step(name, async () => {
      prepare()
      await submit(address, 'faux')
      await expect(page.getByRole('alert')).toContainText(sentence)
      await expect(page.getByRole('textbox', { name: say.welcome.password })).toHaveValue('faux')
    })
  }
  await test.step('the right ones open the fleet', async () => {
    await submit(sandbox.url, sandbox.password)
    await agentOn(running, say).seesDomains(60)
    await expect(page.getByText('Essai')).toBeVisible()
  })
  await sandbox.close()
})

test('faults 50: dimail goes and comes back; the console finds out and recovers by itself within 15 s', async ({
  launch,
}) => {
  const sandbox = await startSandbox({ key: 'a'.repeat(64) })
  const { port } = new URL(sandbox.url)
  const running = await launchOn(launch, sandbox)
  const { page } = running
  const agent = agentOn(running, say)
  await expect(agent.sign).toContainText(say.connectivity.online)
  // While mailboxes are still counted, the counting would find out first, and there would be nothing to click.
  const counted = () => sandbox.requests.filter(({ path }) => path.endsWith('/mailboxes/')).length
  await expect.poll(counted, { timeout: 20_000 }).toBe(sandbox.world.size)
  await agent.openDomain('castelnoir.example')
  await sandbox.close()
  await agent.check().click()
  await expect(agent.banner).toBeVisible()
  await expect(page.getByText(fill(say.domain.attempt, { ago: say.time.now }))).toBeVisible()
  const again = await startSandbox({ port: Number(port) })
  again.world.users.clear()
  for (const [name, user] of sandbox.world.users) again.world.users.set(name, user)
  await expect(agent.banner).toHaveCount(0, { timeout: 15_000 })
  await agent.check().click()
  await expect(page.getByText(fill(say.time.checked, { ago: say.time.now }))).toBeVisible()
  await again.close()
})

test('faults 53: killed in the middle of a bulk check, the next start shows what was done, and the rest as not done', async ({
  launch,
}) => {
  const sandbox = await startSandbox({ latency: { 'domains.check': 500 } })
  const first = await launchOn(launch, sandbox)
  const agent = agentOn(first, say)
  await expect(agent.filter(say.domains.all)).toHaveAccessibleName(`${say.domains.all} 60`)
  await first.page.keyboard.press('R')
  await expect(agent.drawer.getByRole('status')).toContainText(/\b1\d sur 60/)
  await first.kill()
  const second = await launchOn(launch, sandbox, first.userData)
  const { page } = second
  await expect(page.getByText(say.notice['job-interrupted'])).toBeVisible()
  await agentOn(second, say).go(say.nav.jobs)
  const job = page.getByRole('row').first()
  await expect(job).toContainText(say.jobs.state.interrupted)
  const settled = Number(/(\d+) sur 60/.exec((await job.textContent()) ?? '')?.[1])
  expect(settled).toBeGreaterThanOrEqual(10)
  await job.getByRole('button', { name: say.jobs.open }).click()
  const drawer = page.getByRole('dialog')
  await expect(drawer).toContainText(fill(say.jobs.notDone_other, { count: 60 - settled }))
  await sandbox.close()
})

test('faults 10, 11: what a server says is text, with nothing hidden in it, and starts nothing', async ({
  launch,
}) => {
  const hostile =
    '<img src=x onerror="document.title=1"> \u202Egpj.exe\u202C a\u200Bb <script>document.title=2</script>'
  const sandbox = await startSandbox({})
  const running = await launchOn(launch, sandbox)
  const { page } = running
  const agent = agentOn(running, say)
  const name = 'castelnoir.example'
  await agent.openDomain(name)
  const known = await page.evaluate((domain) => window.bridge['domains.read']({ name: domain }), name)
  if (!known.ok) throw new Error('the domain is not known')
  const raw = {
    ...JSON.parse(known.value.raw),
    context_name: hostile,
    mx: { ok: false, internal: false, errors: [{ code: hostile, detail: hostile }] },
    [hostile]: { ok: false, errors: [] },
  }
  sandbox.answerNext(/check/, {
    answer: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(raw)),
    },
  })
  await agent.check().click()
  await expect(page.getByText('‹U+202E›gpj.exe‹U+202C› a‹U+200B›b').first()).toBeVisible()
  for (const tab of [say.domain.tabs.history, say.domain.tabs.raw])
    await page.getByRole('tab', { name: tab }).click()
  await agent.go(say.nav.domains)
  expect(await page.locator('img[src="x"], main script').count()).toBe(0)
  expect(await page.title()).toBe(`${say.nav.domains} – ${say.app.name}`)
  await sandbox.close()
})

type Launch = Parameters<Parameters<typeof test>[2]>[0]['launch']

/** The console on a dimail of the test's own, through a profile given as a file. */
async function launchOn(
  launch: Launch,
  sandbox: { url: string; username: string; password: string },
  userData?: string,
) {
  const { url: address, username, password } = sandbox
  const file = givenProfile({ name: 'Essai', address, username, password })
  return launch({ args: ['--profile', file], ...(userData ? { userData } : {}) })
}

test('the list is found again as it was left: filter, search, order', async ({ launch }) => {
  const first = await launch()
  const agent = agentOn(first, say)
  await agent.openSandbox()
  await agent.filter(say.domains.filter.action_required).click()
  await agent.search('mairie')
  await first.page.getByRole('button', { name: say.domains.column.name, exact: true }).click()
  await first.page.getByRole('button', { name: say.domains.column.name, exact: true }).click()
  const sorted = first.page.getByRole('columnheader', { name: say.domains.column.name, exact: true })
  await expect(sorted).toHaveAttribute('aria-sort', 'descending')
  const names = await agent.rows().allTextContents()
  // Shown at once, it is kept a moment later: a program that ends in between has nothing to find again.
  const kept = () => first.page.evaluate(() => window.bridge['view.read']())
  await expect.poll(kept).toMatchObject({ ok: true, value: { descending: true } })
  const second = await first.restart()
  const { page } = second
  const again = agentOn(second, say)
  await expect(again.filter(say.domains.filter.action_required)).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByRole('searchbox', { name: say.domains.search })).toHaveValue('mairie')
  await expect(
    page.getByRole('columnheader', { name: say.domains.column.name, exact: true }),
  ).toHaveAttribute('aria-sort', 'descending')
  await expect(again.rows()).toHaveCount(names.length)
})

test('data of a newer version is refused in a sentence, and left untouched', async ({ launch }) => {
  const first = await launch()
  await agentOn(first, say).openSandbox()
  await first.close()
  const file = join(first.userData, 'profiles', 'sandbox', 'desk.db')
  const desk = new Database(file)
  desk.pragma('user_version = 999')
  desk.close()
  const { page } = await launch({ userData: first.userData })
  await expect(page.getByText(say.failures.storage.newer)).toBeVisible()
  const kept = new Database(file, { readonly: true })
  expect(kept.pragma('user_version', { simple: true })).toBe(999)
  kept.close()
})

test('a damaged cache is put aside, said, and read again from dimail', async ({ launch }) => {
  const first = await launch()
  await agentOn(first, say).openSandbox()
  await first.close()
  writeFileSync(join(first.userData, 'profiles', 'sandbox', 'cache.db'), 'this is no database'.repeat(500))
  const second = await launch({ userData: first.userData })
  await expect(second.page.getByText(say.notice['cache-rebuilt'])).toBeVisible()
  const agent = agentOn(second, say)
  await agent.signInAgain()
  await agent.seesDomains(60)
})

test('the sandbox rebuilt from this profile gives every domain the status it has here', async ({
  launch,
}) => {
  const running = await launch()
  const { page } = running
  const agent = agentOn(running, say)
  await agent.openSandbox()
  await agent.openDomain('ehpad-les-tilleuls.example')
  await agent.repair().click()
  await page.getByRole('dialog').getByRole('button', { name: say.domain.repair }).click()
  await expect(page.getByText(say.domain.effect.repaired)).toBeVisible()
  await agent.go(say.nav.sandbox)
  await page.getByRole('button', { name: say.sandbox.populate }).click()
  await expect(page.getByText(say.sandbox.done)).toBeVisible()
  await agent.go(say.nav.domains)
  await page.getByRole('button', { name: say.domains.refresh }).click()
  await page.keyboard.press('R')
  await expect(agent.drawer).toContainText(say.jobs.state.done)
  for (const [status, count] of Object.entries({
    enabled: 32,
    action_required: 14,
    failed: 5,
    disabled: 2,
  })) {
    const label = say.domains.filter[status as keyof typeof say.domains.filter]
    await expect(agent.filter(label)).toHaveAccessibleName(`${label} ${count}`)
  }
})

test('faults 16: a page that crashes is loaded again, where the agent was', async ({ launch }) => {
  const running = await launch()
  const { page } = running
  const agent = agentOn(running, say)
  await agent.openSandbox()
  await agent.openDomain('castelnoir.example')
  const context = page.context()
  const reborn = context.waitForEvent('page')
  const devtools = await context.newCDPSession(page)
  await devtools.send('Page.crash').catch(() => {}) // the answer dies with the page
  const again = await reborn
  await expect(again.getByRole('heading', { level: 1, name: 'castelnoir.example' })).toBeVisible()
})
