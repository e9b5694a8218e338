import { dnsOn } from './dns-agent.ts'
import { expect, test } from './launch.ts'
import { fill, languages, like, words } from './words.ts'

const domain = 'castelnoir.example'
const webmail = `CNAME webmail.${domain}`
/** Long enough for two looks of the watch, at the pace of the sandbox. */
const looks = { timeout: 45_000 }

for (const locale of languages) {
  const say = words[locale]

  test(`${locale}, field N11: a watch tells once that DNS has come, and never again, not even after a restart`, async ({
    launch,
  }) => {
    test.setTimeout(180_000)
    const first = await launch({ locale })
    const { page } = first
    const dns = dnsOn(first, say)
    await dns.openSandbox()

    await test.step('pinned, nothing is told while nothing is corrected', async () => {
      await dns.openDns(domain)
      await dns.askDns()
      await expect(dns.verdict(webmail).getByRole('rowheader')).toContainText(say.dns.verdict.missing)
      await dns.watch.click()
      await expect(dns.watch).toBeChecked()
      await expect(page.getByText(say.dns.watch.means.waiting)).toBeVisible()
      await dns.go(say.nav.watches)
      await expect(dns.row(domain)).toContainText(say.dns.watchState.waiting)
      expect(await first.notifications()).toEqual([])
    })

    await test.step('corrected on one server only, it is propagating and not corrected', async () => {
      await dns.openZone(domain)
      await dns.add({ target: 'webmail', type: 'cname', value: 'webmail.ox.numerique.example.' })
      await dns.serve('right', 'behind', 'behind')
      await dns.publish()
      await dns.openDns(domain)
      await dns.askDns()
      await expect(dns.situation).toContainText(fill(say.dns.sentence.propagating_other, { count: 2, of: 3 }))
      await expect(dns.situation).not.toContainText(like(say.dns.sentence.corrected))
      await expect(dns.situation.getByRole('button', { name: say.dns.askDimail })).toHaveCount(0)
      await expect(dns.verdict(webmail).getByRole('cell').nth(2)).toContainText(
        like(say.dns.finding.propagating),
      )
      const answers = await dns.perServer(webmail)
      const answerOf = (server: string) => answers.getByRole('row').filter({ hasText: server }).first()
      await expect(answerOf('ns-17-a.gandi.net')).toContainText(say.dns.verdict.correct)
      for (const late of ['ns-142-b.gandi.net', 'ns-203-c.gandi.net'])
        await expect(answerOf(late)).toContainText(say.dns.verdict.missing)
      await expect(page.getByText(say.dns.watch.means.propagating)).toBeVisible(looks)
      await page.keyboard.press('l')
      await expect(dns.letter.getByRole('region', { name: say.dns.letter.preview })).toContainText(
        locale === 'fr' ? 'La correction se diffuse encore' : 'still spreading',
      )
      await dns.letter.getByRole('button', { name: say.app.close, exact: true }).click()
      await expect(dns.letter).toHaveCount(0)
      await dns.go(say.nav.watches)
      await expect(dns.row(domain)).toContainText(say.dns.watchState.propagating)
      expect(await first.notifications()).toEqual([])
    })

    await test.step('corrected on all of them, the system tells it once', async () => {
      await dns.openZone(domain)
      await dns.serve('right', 'right', 'right')
      await dns.publish()
      await dns.go(say.nav.journal)
      await expect.poll(async () => (await first.notifications()).length, looks).toBe(1)
      const [told] = await first.notifications()
      expect(told?.title).toContain(domain)
      await expect(
        page.getByRole('status').filter({ hasText: fill(say.notice['dns-settled'], { domain }) }),
      ).toBeVisible()
    })

    await test.step('a click on it leads to the DNS of the domain', async () => {
      await first.clickNotification(0)
      await expect(page.getByRole('heading', { level: 1, name: domain })).toBeVisible()
      await expect(page.getByRole('tab', { name: say.domain.tabs.records })).toHaveAttribute(
        'aria-selected',
        'true',
      )
      await expect(page.getByText(say.dns.watch.means.settled)).toBeVisible()
      await page.getByRole('button', { name: say.notice.dismiss }).click()
      await expect(page.getByText(fill(say.notice['dns-settled'], { domain }))).toHaveCount(0)
    })

    await test.step('whatever DNS does afterwards, it is told no more', async () => {
      for (let times = 0; times < 3; times++) await dns.askDns()
      await dns.openZone(domain)
      await dns.withdraw('webmail', 'cname')
      await dns.publish()
      await dns.openDns(domain)
      await dns.askDns()
      await expect(dns.verdict(webmail).getByRole('rowheader')).toContainText(say.dns.verdict.missing)
      await dns.heal(domain)
      await dns.openDns(domain)
      for (let times = 0; times < 3; times++) await dns.askDns()
      await expect(dns.verdict(webmail).getByRole('rowheader')).toContainText(say.dns.verdict.correct)
      expect(await first.notifications()).toHaveLength(1)
      await expect(page.getByText(like(say.dns.watch.told))).toBeVisible()
    })

    const second = await first.restart()
    const again = dnsOn(second, say)
    await test.step('after a restart it is still told, once', async () => {
      await again.signInAgain()
      await again.go(say.nav.watches)
      await expect(again.row(domain)).toBeVisible()
      await again.openDns(domain)
      await again.askDns()
      await expect(second.page.getByText(like(say.dns.watch.told))).toBeVisible()
      await again.go(say.nav.watches)
      await second.page.getByRole('button', { name: fill(say.dns.watch.unpinOf, { name: domain }) }).click()
      await expect(second.page.getByText(say.dns.watch.none)).toBeVisible()
      expect(await second.notifications()).toEqual([])
    })
  })
}
