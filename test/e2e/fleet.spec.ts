import { startSandbox } from '../../main/sandbox/server.ts'
import { agentOn } from './agent.ts'
import { givenProfile } from './given.ts'
import { expect, test } from './launch.ts'
import { fill, words } from './words.ts'

const say = words.fr

test('faults 52: a list that lost its domains is asked about, from the page and from the palette alike', async ({
  launch,
}) => {
  const sandbox = await startSandbox({})
  const { url: address, username, password } = sandbox
  const file = givenProfile({ name: 'Essai', address, username, password })
  const running = await launch({ args: ['--profile', file] })
  const { page } = running
  const agent = agentOn(running, say)
  const whole = `${say.domains.all} 60`
  await expect(agent.filter(say.domains.all)).toHaveAccessibleName(whole)

  const shrink = () =>
    sandbox.answerNext('GET /domains/', {
      answer: { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('[]') },
    })
  const question = page
    .getByRole('alert')
    .filter({ hasText: fill(say.failures['list-shrunk'].other, { gone: 60, known: 60 }) })
  const read = page.getByText(fill(say.domains.refreshed_other, { count: 60, added: 0, gone: 0 }))

  await test.step('from the page', async () => {
    shrink()
    await page.getByRole('button', { name: say.domains.refresh }).click()
    await expect(question).toBeVisible()
    await expect(agent.filter(say.domains.all)).toHaveAccessibleName(whole)
    await question.getByRole('button', { name: say.app.close }).click()
    await expect(question).toHaveCount(0)
  })

  await test.step('from the palette, whose question is answered by another reading', async () => {
    shrink()
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder(say.search.placeholder).fill(say.domains.refresh)
    await page.keyboard.press('Enter')
    await expect(question).toBeVisible()
    await question.getByRole('button', { name: say.notice['fleet-accept'] }).click()
    await expect(read).toBeVisible()
    await expect(question).toHaveCount(0)
    await expect(agent.filter(say.domains.all)).toHaveAccessibleName(whole)
  })

  await test.step('a list that cannot be read says why', async () => {
    sandbox.answerNext('GET /domains/', {
      answer: { status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<p>Accueil</p>') },
    })
    await page.getByRole('button', { name: say.domains.refresh }).click()
    await expect(page.getByText(say.failures['bad-response'].html)).toBeVisible()
  })
  await sandbox.close()
})

test('the keyboard goes to the heading of a domain, and back to its row', async ({ launch }) => {
  const running = await launch()
  const { page } = running
  const agent = agentOn(running, say)
  await agent.openSandbox()
  const row = agent.rows().nth(4).getByRole('button')
  const name = (await row.textContent()) ?? ''
  await row.focus()
  await page.keyboard.press('Enter')
  const heading = page.getByRole('heading', { level: 1, name })
  await expect(heading).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name, exact: true })).toBeFocused()
  await page.keyboard.press('j')
  await expect(agent.rows().nth(5).getByRole('button')).toBeFocused()
})

test('a domain that is open when the program ends is open when it starts again', async ({ launch }) => {
  const first = await launch()
  const agent = agentOn(first, say)
  await agent.openSandbox()
  await agent.openDomain('castelnoir.example')
  const { page } = await first.restart()
  await expect(page.getByRole('heading', { level: 1, name: 'castelnoir.example' })).toBeVisible()
})
