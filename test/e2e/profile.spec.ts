import { readFileSync } from 'node:fs'
import { startSandbox } from '../../main/sandbox/server.ts'
import { agentOn } from './agent.ts'
import { expect, test } from './launch.ts'
import { openFlags, ownSandbox } from './own-sandbox.ts'
import { fill, words } from './words.ts'

const say = words.fr
const domain = 'clairvaux-les-granges.example'

test('a profile that asks first sends nothing before the agent agrees, and then once', async ({ launch }) => {
  const { sandbox, args } = await ownSandbox(() => ({ ...openFlags, lock: 'ask' }))
  const running = await launch({ args })
  const { page } = running
  const agent = agentOn(running, say)
  const posts = () =>
    sandbox.requests.filter(({ method, path }) => method === 'POST' && path !== '/token/').length
  await expect(page.getByRole('banner')).toContainText(say.lock.ask)
  await agent.openDomain(domain)
  await page.getByRole('tab', { name: say.domain.tabs.aliases }).click()
  await expect(agent.row('conseil')).toBeVisible()
  await page.getByRole('button', { name: say.aliases.new }).click()
  const form = page
    .getByRole('dialog')
    .filter({ has: page.getByRole('textbox', { name: say.aliases.localPart }) })
  const local = form.getByRole('textbox', { name: say.aliases.localPart })
  await local.fill('accueil-fictif')
  const destinations = form.getByRole('combobox', { name: say.aliases.destinations })
  await destinations.fill('mairie@ailleurs.example')
  await destinations.press('Enter')
  const create = form.getByRole('button', { name: say.aliases.create, exact: true })
  const question = page.getByRole('dialog', { name: fill(say.ask.title, { name: 'Essai' }) })
  const before = posts()

  await create.click()
  await expect(question).toContainText(
    fill(say.ask.call.aliases.create, { subject: `accueil-fictif@${domain}` }),
  )
  await expect(question.getByRole('button', { name: say.ask.yes })).toBeFocused()
  for (let turn = 0; turn < 4; turn++) {
    await page.keyboard.press('Tab')
    await expect(question.locator(':focus')).toHaveCount(1)
  }
  await page.keyboard.press('Escape')
  await expect(question).toHaveCount(0)
  await expect(local).toHaveValue('accueil-fictif')
  expect(posts()).toBe(before)

  await create.click()
  await question.getByRole('button', { name: say.ask.yes }).click()
  await expect(question).toHaveCount(0)
  await expect(agent.row('accueil-fictif')).toBeVisible()
  expect(posts()).toBe(before + 1)
  await sandbox.close()
})

test('a profile that is only read offers nothing that changes, and sends nothing that does', async ({
  launch,
}) => {
  const { sandbox, args } = await ownSandbox(() => ({ ...openFlags, lock: 'read-only' }))
  const running = await launch({ args })
  const { page } = running
  const agent = agentOn(running, say)
  await expect(page.getByRole('banner')).toContainText(say.lock['read-only'])
  await agent.seesDomains(60)
  await expect(page.getByRole('button', { name: say.setup.new })).toHaveCount(0)
  await agent.openDomain(domain)
  await page.getByRole('tab', { name: say.domain.tabs.aliases }).click()
  await expect(agent.row('conseil')).toBeVisible()
  await expect(page.getByRole('button', { name: say.aliases.new })).toHaveCount(0)
  const refusal = await page.evaluate(async (name) => {
    const input = {
      domain: name,
      localPart: 'en-douce',
      destinations: ['a@exemple.example'],
      allowToSend: false,
    }
    const reply = await window.bridge['aliases.create'](input)
    return reply.ok ? 'done' : `${reply.failure.code}/${reply.failure.reason}`
  }, domain)
  expect(refusal).toBe('refused/read-only')
  expect(sandbox.requests.filter(({ method }) => method !== 'GET')).toEqual([])
  await sandbox.close()
})

test('a profile is written with each of its servers tested, opened, exported without a secret and taken in again', async ({
  launch,
}) => {
  test.setTimeout(120_000)
  const sandbox = await startSandbox({})
  const file = test.info().outputPath('exporte.json')
  const running = await launch({ env: { STAND_IN_DIALOGS: JSON.stringify([file, file]) } })
  const { page } = running
  const agent = agentOn(running, say)
  const section = (name: string) => page.getByRole('region', { name, exact: true })
  const dimail = section(say.profiles.dimail.title)
  const signIn = section(say.profiles.signIn.title)
  const rights = section(say.profiles.entitlements.title)
  const flags = section(say.profiles.flags.title)
  const scope = section(say.profiles.scope.title)
  const field = (within: typeof dimail, name: string) => within.getByLabel(name, { exact: true })

  await test.step('dimail: a wrong password has its own sentence, the right one too', async () => {
    await page.getByRole('button', { name: say.welcome.all }).click()
    await expect(page.getByRole('heading', { level: 1, name: say.profiles.new })).toBeFocused()
    await page.getByRole('textbox', { name: say.profiles.identity.name }).fill('Préproduction')
    await dimail.getByRole('textbox', { name: say.profiles.dimail.address }).fill(sandbox.url)
    await dimail.getByRole('textbox', { name: say.profiles.dimail.username }).fill(sandbox.username)
    await dimail.getByRole('textbox', { name: say.profiles.dimail.password }).fill('faux')
    await dimail.getByRole('button', { name: say.profiles.test.dimail }).click()
    await expect(dimail).toContainText(say.failures.refused.credentials)
    await dimail.getByRole('textbox', { name: say.profiles.dimail.password }).fill(sandbox.password)
    await dimail.getByRole('button', { name: say.profiles.test.dimail }).click()
    await expect(dimail).toContainText(fill(say.profiles.tested.dimail, { address: sandbox.url }))
  })

  await test.step('the provider answers at its address', async () => {
    await signIn.getByRole('radio', { name: say.profiles.signIn.provider }).check()
    await signIn.getByRole('textbox', { name: say.profiles.signIn.issuer }).fill(sandbox.openid.issuer)
    await signIn.getByRole('textbox', { name: say.profiles.signIn.clientId }).fill(sandbox.openid.clientId)
    await signIn
      .getByRole('textbox', { name: say.profiles.signIn.scopes })
      .fill('openid given_name usual_name email siret')
    await signIn.getByRole('button', { name: say.profiles.test.provider }).click()
    await expect(signIn.locator('[data-state="told"]')).toContainText(sandbox.openid.issuer)
  })

  await test.step('DeployCenter: a wrong key has its own sentence, the right one too', async () => {
    await rights.getByRole('radio', { name: say.profiles.backend.deploycenter }).check()
    await rights
      .getByRole('textbox', { name: say.profiles.entitlements.address })
      .fill(sandbox.deployCenter.address)
    await rights.getByRole('textbox', { name: say.profiles.entitlements.serviceId }).fill('42')
    await field(rights, say.profiles.entitlements.key).fill('une-fausse-cle')
    await rights.getByRole('button', { name: say.profiles.test.entitlements }).click()
    await expect(rights.locator('[data-state="failed"]')).toContainText('401')
    await field(rights, say.profiles.entitlements.key).fill(sandbox.deployCenter.key)
    await rights.getByRole('button', { name: say.profiles.test.entitlements }).click()
    await expect(rights.locator('[data-state="told"]')).toContainText('42')
  })

  await test.step('the flags are read at their address', async () => {
    await flags.getByRole('radio', { name: say.profiles.flagsFrom.address }).check()
    await flags.getByRole('textbox', { name: say.profiles.flags.address }).fill(sandbox.configuration)
    await flags.getByRole('button', { name: say.profiles.test.flags }).click()
    await expect(flags).toContainText(
      fill(say.profiles.tested.flags, { create: say.profiles.yes, manageAccesses: say.profiles.yes }),
    )
  })

  await test.step('saved, it opens on its own gate, where the support desk signs in', async () => {
    await scope.getByRole('radio', { name: say.profiles.scopeIs.claim }).check()
    await scope.getByRole('textbox', { name: say.profiles.scope.claim }).fill('roles')
    await scope.getByRole('textbox', { name: say.profiles.scope.value }).fill('support')
    await page.getByRole('button', { name: say.profiles.saveNew }).click()
    await expect(agent.gate).toBeVisible()
    await expect(page.getByRole('banner')).toContainText(say.nav.realBand)
    await agent.signIn('support')
    await agent.seesDomains(60)
  })

  await test.step('exported, it holds no secret; taken in again, it says the same', async () => {
    await agent.go(say.nav.settings)
    await page.getByRole('button', { name: say.profiles.export }).click()
    await expect(page.getByText(fill(say.profiles.exported, { file }))).toBeVisible()
    const written = readFileSync(file, 'utf8')
    for (const secret of [sandbox.password, sandbox.deployCenter.key]) expect(written).not.toContain(secret)
    await page.getByRole('button', { name: say.profiles.import }).click()
    await expect(page.getByRole('heading', { level: 1, name: say.profiles.title })).toBeVisible()
    await expect(page.getByRole('textbox', { name: say.profiles.identity.name })).toHaveValue(
      /^Préproduction.+/,
    )
    await expect(signIn.getByRole('textbox', { name: say.profiles.signIn.issuer })).toHaveValue(
      sandbox.openid.issuer,
    )
    await expect(scope.getByRole('textbox', { name: say.profiles.scope.value })).toHaveValue('support')
    await expect(dimail.getByRole('textbox', { name: say.profiles.dimail.password })).toHaveValue('')
  })
  await sandbox.close()
})
