import { dnsOn } from './dns-agent.ts'
import { expect } from './launch.ts'
import type { Running } from './running.ts'
import type { Picture } from './screenshots-agents.ts'
import type { Words } from './words.ts'

const broken = 'montfleury-sur-orne.example'

/** What is wrong in DNS, whom it is told to, what would be, what is waited for, and the zone of who plays the town. */
export async function dnsPictures(running: Running, say: Words, picture: Picture): Promise<void> {
  const { page } = running
  const dns = dnsOn(running, say)
  const toTop = () => page.evaluate(() => document.getElementById('dns-situation')?.scrollIntoView())
  const away = async () => {
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').first().waitFor({ state: 'detached' })
  }
  await dns.openDns(broken)
  await dns.askDns()
  await toTop()
  await picture('domain-dns')
  await dns.perServer(`MX ${broken}`)
  await dns.verdict(`MX ${broken}`).scrollIntoViewIfNeeded()
  await dns.verdict(`MX ${broken}`).evaluate((row) => row.scrollIntoView())
  await picture('domain-dns-servers')
  await dns.proposal.evaluate((card) => card.scrollIntoView())
  await picture('domain-dns-proposal')
  await dns.watch.click()
  await page.getByText(say.dns.watch.means.waiting).waitFor()
  await dns.watch.evaluate((input) => input.scrollIntoView({ block: 'center' }))
  await picture('domain-dns-watch')

  await page.keyboard.press('l')
  await expect(dns.letter.getByRole('region', { name: say.dns.letter.preview })).toContainText(broken)
  await picture('letter')
  await away()
  await page.getByRole('button', { name: say.dns.rehearsal.open, exact: true }).click()
  await dns.rehearsal.getByRole('button', { name: say.dns.rehearsal.add, exact: true }).click()
  await dns.rehearsal.getByRole('textbox', { name: /1$/ }).last().fill('secours.ancien-hebergeur.example.')
  await dns.rehearsal.getByRole('heading', { name: say.dns.rehearsal.remaining }).waitFor()
  await picture('rehearsal')
  await away()
  await dns.go(say.nav.watches)
  await dns.row(broken).waitFor()
  await picture('watches')
  await dns.openZone(broken)
  await dns.zone.evaluate((card) => card.scrollIntoView())
  await picture('sandbox-zone')
}
