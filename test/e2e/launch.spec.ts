import { expect, test } from './launch.ts'

test('the console starts on an empty folder, in the language of the system', async ({ launch }) => {
  const console = await launch({ locale: 'fr' })
  await expect(console.page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(await console.page.locator('html').getAttribute('lang')).toBe('fr')
  expect(await console.openedLinks()).toEqual([])
  expect(await console.clipboard()).toBe('')
})

test('killed and started again on the same data, the console opens again, in English too', async ({
  launch,
}) => {
  const first = await launch({ locale: 'en' })
  expect(await first.page.locator('html').getAttribute('lang')).toBe('en')
  await first.kill()
  const second = await first.restart()
  expect(second.userData).toBe(first.userData)
  await expect(second.page.getByRole('heading', { level: 1 })).toBeVisible()
})
