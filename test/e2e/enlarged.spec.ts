import { agentOn } from './agent.ts'
import { expect, test } from './launch.ts'
import { words } from './words.ts'

const say = words.fr

test('enlarged to 200 %, the list still shows three domains at once, and the keys reach the last one', async ({
  launch,
}) => {
  const running = await launch()
  const { page } = running
  const agent = agentOn(running, say)
  await agent.openSandbox()
  await page.setViewportSize({ width: 640, height: 400 })
  await agent.rows().nth(3).scrollIntoViewIfNeeded()
  for (const row of [1, 2, 3]) await expect(agent.rows().nth(row)).toBeInViewport({ ratio: 0.5 })
  const tooWide = () => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  expect(await tooWide()).toBe(false)
  await agent.rows().nth(1).getByRole('button').focus()
  await page.keyboard.press('End')
  await expect(page.locator('[aria-rowindex="61"]').getByRole('button')).toBeFocused()
  await expect(page.locator('[aria-rowindex="61"]')).toBeInViewport()
})

test('an open job leaves the keys to the page, takes the focus and gives it back', async ({ launch }) => {
  const running = await launch()
  const { page } = running
  const agent = agentOn(running, say)
  await agent.openSandbox()
  await agent.rows().nth(1).getByRole('button').focus()
  await page.keyboard.press('R')
  await expect(agent.drawer.getByRole('button', { name: say.app.close })).toBeFocused()
  await expect(agent.drawer).toContainText(say.jobs.state.done)
  await page.keyboard.press('x')
  await expect(agent.rows().nth(1).getByRole('checkbox')).toBeChecked()
  await page.keyboard.press('Escape')
  await expect(agent.drawer).toHaveCount(0)
  await expect(agent.rows().nth(1).getByRole('button')).toBeFocused()
})
