import { agentOn } from './agent.ts'
import { expect, test } from './launch.ts'
import { openFlags, ownSandbox, withAgents } from './own-sandbox.ts'
import { fill, words } from './words.ts'

const say = words.fr
const domain = 'clairvaux-les-granges.example'

test('a question that was declined gives the keyboard back to the button that waited, and keeps what was typed', async ({
  launch,
}) => {
  const { args } = await ownSandbox(() => ({ ...openFlags, lock: 'ask' }))
  const { page, ...running } = await launch({ args })
  const agent = agentOn({ page, ...running }, say)
  await agent.openDomain(domain)
  await page.getByRole('tab', { name: say.domain.tabs.rights }).click()
  await page.getByRole('button', { name: say.rights.give, exact: true }).click()
  const form = page.getByRole('dialog').filter({ has: page.getByRole('textbox') })
  const email = form.getByRole('textbox').first()
  await email.fill('nouvelle@mairie-fictive.example')
  const give = form.getByRole('button', { name: say.rights.give, exact: true })
  await give.focus()
  await page.keyboard.press('Enter')
  const question = page.getByRole('dialog', { name: fill(say.ask.title, { name: 'Essai' }) })
  await expect(question).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(question).toHaveCount(0)
  await expect(give).toBeFocused()
  await expect(email).toHaveValue('nouvelle@mairie-fictive.example')
})

test('what is found first is opened by Enter, from within a field too', async ({ launch }) => {
  const { args } = await ownSandbox()
  const { page, ...running } = await launch({ args })
  const agent = agentOn({ page, ...running }, say)
  await agent.search('castelnoir')
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder(say.search.placeholder).pressSequentially('clairvaux-les-g')
  await expect(page.getByRole('dialog').locator('[data-selected]')).toContainText(domain)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: domain })).toBeVisible()
})

test('rights and the journal name people and DeployCenter, never a subject', async ({ launch }) => {
  const { args } = await ownSandbox(withAgents)
  const { page, ...running } = await launch({ args })
  const agent = agentOn({ page, ...running }, say)
  await agent.signIn('two-towns')
  await agent.seesDomains(2)
  await agent.openDomain('villeneuve-les-etangs.example')
  await page.getByRole('tab', { name: say.domain.tabs.rights }).click()
  await expect(agent.row('Charlie Panais')).toContainText(`${say.rights.by} ${say.actor.deploycenter}`)
  await agent.go(say.nav.journal)
  await expect(agent.row('villeneuve-les-etangs.example')).toContainText('Charlie Panais')
  await expect(agent.row('villeneuve-les-etangs.example')).toContainText(say.actor.deploycenter)
  await expect(page.getByRole('main')).not.toContainText(/[0-9a-f]{8}-[0-9a-f]{4}/)
})
