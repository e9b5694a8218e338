import { axeOn } from './axe.ts'
import { dnsOn } from './dns-agent.ts'
import { expect, test } from './launch.ts'
import { ownSandbox } from './own-sandbox.ts'
import { fill, languages, words } from './words.ts'

const broken = 'montfleury-sur-orne.example'

for (const locale of languages) {
  for (const scheme of ['light', 'dark'] as const) {
    test(`${locale}, ${scheme}: axe finds nothing where DNS is read, written about and edited`, async ({
      launch,
    }) => {
      test.setTimeout(120_000)
      const say = words[locale]
      const running = await launch({ locale })
      const { page } = running
      const dns = dnsOn(running, say)
      await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: scheme })
      const { look, found } = axeOn(page)
      const away = async () => {
        await page.keyboard.press('Escape')
        await expect(page.getByRole('dialog')).toHaveCount(0)
      }

      await page.getByRole('button', { name: say.welcome.all }).click()
      const section = page.getByRole('region', { name: say.profiles.dns.title })
      await section
        .getByRole('textbox', { name: fill(say.profiles.dns.resolver, { place: 1 }) })
        .fill('pas une adresse')
      await section.getByRole('textbox', { name: say.profiles.dns.template.fr }).fill('{% if %}')
      await look('the DNS of a profile')
      await page.getByRole('button', { name: say.profiles.saveNew }).click()
      await expect(page.getByText(say.profiles.someWrong)).toBeVisible()
      await look('the DNS of a profile, wrong')
      await page.getByRole('button', { name: say.app.cancel, exact: true }).click()

      await dns.openSandbox()
      await dns.openDns(broken)
      await look('DNS')
      await dns.askDns()
      await look('DNS, diagnosed')
      for (const called of [`MX ${broken}`, `TXT ${broken}`]) await dns.perServer(called)
      await look('DNS, server by server')
      await page.getByRole('button', { name: say.dns.export.open }).click()
      await expect(page.getByRole('menu')).toBeVisible()
      await look('what can be exported')
      await page.keyboard.press('Escape')
      await expect(page.getByRole('menu')).toHaveCount(0)
      await dns.watch.click()
      await expect(page.getByText(say.dns.watch.means.waiting)).toBeVisible()
      await look('DNS, waited for')

      await page.keyboard.press('l')
      await expect(dns.letter.getByRole('region', { name: say.dns.letter.preview })).toContainText(broken)
      await look('the letter')
      await dns.letter.getByRole('button', { name: say.dns.letter.more }).click()
      await expect(page.getByRole('menu')).toBeVisible()
      await look('what can be done with the letter')
      await page.keyboard.press('Escape')
      await expect(page.getByRole('menu')).toHaveCount(0)
      await dns.letter.getByRole('textbox', { name: say.dns.letter.to }).fill('mairie@ailleurs.example')
      await dns.letter.getByRole('button', { name: say.dns.letter.send, exact: true }).click()
      const asked = page.getByRole('dialog', {
        name: fill(say.dns.letter.confirm, { to: 'mairie@ailleurs.example' }),
      })
      await expect(asked).toBeVisible()
      await look('the question before a letter')
      await asked.getByRole('button', { name: say.dns.letter.send, exact: true }).click()
      await expect(dns.letter).toContainText(say.mail.sentTo)
      await look('a letter that was sent')
      await away()

      await page.getByRole('button', { name: say.dns.rehearsal.open, exact: true }).click()
      await dns.rehearsal.getByRole('button', { name: say.dns.rehearsal.addExpected }).click()
      await expect(dns.rehearsal.getByRole('table')).toBeVisible()
      await look('a rehearsal')
      await away()

      await dns.go(say.nav.watches)
      await expect(dns.row(broken)).toBeVisible()
      await look('watches')
      await dns.openZone(broken)
      await look('a zone of the sandbox')
      await dns.add({ target: 'pas un nom', type: 'mx', value: 'mail.ancien-hebergeur.example.' })
      await dns.zone.getByRole('button', { name: say.sandbox.zone.publish, exact: true }).click()
      await expect(dns.zone.getByRole('alert')).toBeVisible()
      await look('a zone that is not taken')

      await dns.go(say.nav.sandbox)
      await page.getByRole('button', { name: say.sandbox.stop }).click()
      await expect(dns.banner).toBeVisible()
      await dns.openDns(broken)
      await dns.askDns()
      await look('DNS, illegible')
      expect(found).toEqual([])
    })

    test(`${locale}, ${scheme}: axe finds nothing on the codes that nobody explains`, async ({ launch }) => {
      const say = words[locale]
      const { sandbox, args } = await ownSandbox()
      const running = await launch({ locale, args })
      const { page } = running
      const dns = dnsOn(running, say)
      await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: scheme })
      const { look, found } = axeOn(page)
      const domain = 'brumelle.example'
      sandbox.world.domain(domain)?.foreign.set('mx', {
        internal: false,
        errors: [{ code: 'mx_of_another_age', detail: 'Le MX date d’un autre âge.' }],
      })
      await dns.openDomain(domain)
      await dns.check().click()
      await expect(page.getByText('Le MX date d’un autre âge.').first()).toBeVisible()
      await dns.go(say.nav.settings)
      await expect(page.getByRole('region', { name: say.dns.codes.title })).toBeVisible()
      await look('codes')
      expect(found).toEqual([])
      await sandbox.close()
    })
  }
}

test('enlarged to 200 %, the DNS of a domain is read, its letter is written and its zone is edited without a page that is too wide', async ({
  launch,
}) => {
  const say = words.fr
  const running = await launch()
  const { page } = running
  const dns = dnsOn(running, say)
  const tooWide = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  await dns.openSandbox()
  await dns.openDns(broken)
  await dns.askDns()
  await page.setViewportSize({ width: 640, height: 400 })
  await expect.poll(tooWide).toBeLessThanOrEqual(0)
  const mx = dns.verdict(`MX ${broken}`)
  await mx.scrollIntoViewIfNeeded()
  await expect(mx.getByRole('rowheader')).toBeInViewport()
  await dns.perServer(`MX ${broken}`)
  expect(await tooWide()).toBeLessThanOrEqual(0)

  await page.keyboard.press('l')
  const compose = dns.letter.getByRole('button', { name: say.mail.compose })
  await expect(compose).toBeEnabled()
  await compose.scrollIntoViewIfNeeded()
  await expect(compose).toBeInViewport({ ratio: 1 })
  expect(await tooWide()).toBeLessThanOrEqual(0)
  await page.keyboard.press('Escape')
  await expect(dns.letter).toHaveCount(0)

  await page.getByRole('button', { name: say.dns.rehearsal.open, exact: true }).click()
  await expect(dns.rehearsal.getByRole('table')).toBeVisible()
  await dns.rehearsal.getByRole('table').scrollIntoViewIfNeeded()
  expect(await tooWide()).toBeLessThanOrEqual(0)
  await page.keyboard.press('Escape')
  await expect(dns.rehearsal).toHaveCount(0)

  await dns.openZone(broken)
  const publish = dns.zone.getByRole('button', { name: say.sandbox.zone.publish, exact: true })
  await publish.scrollIntoViewIfNeeded()
  await expect(publish).toBeInViewport({ ratio: 1 })
  expect(await tooWide()).toBeLessThanOrEqual(0)
})
