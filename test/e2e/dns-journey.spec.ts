import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dnsOn } from './dns-agent.ts'
import { expect, test } from './launch.ts'
import { fill, languages, like, words } from './words.ts'

const domain = 'bourg-neuf-en-plaine.example'
const formerMx = '10 mail.ancien-hebergeur.example.'
const foreignSpf = 'v=spf1 include:_spf.newsletter.example ip4:192.0.2.25 ~all'
const mended = 'v=spf1 include:_spf.newsletter.example ip4:192.0.2.25 include:_spf.ox.numerique.example ~all'
const clerk = 'dns@bourg-neuf-en-plaine.example'
const note = 'Merci de voir aussi l’ancien site, à l’accueil.'

for (const locale of languages) {
  const say = words[locale]

  test(`${locale}, field N1, N3, N4: from a wrong MX and a foreign SPF to a letter, a corrected zone and an enabled domain`, async ({
    launch,
  }) => {
    test.setTimeout(150_000)
    const folder = mkdtempSync(join(tmpdir(), 'console-letters-'))
    const files = ['lettre.txt', 'lettre.md', 'lettre.pdf', 'zone.csv'].map((name) => join(folder, name))
    const [asText = '', asMarkdown = '', asPdf = '', asCsv = ''] = files
    const running = await launch({ locale, env: { STAND_IN_DIALOGS: JSON.stringify(files) } })
    const { page } = running
    const dns = dnsOn(running, say)
    await dns.openSandbox()

    await test.step('the town publishes a wrong MX and the SPF of somebody else; dimail sees both', async () => {
      await dns.openZone(domain)
      await dns.retype('', 'mx', formerMx)
      await dns.retype('', 'txt', foreignSpf)
      await dns.publish()
      await dns.openDomain(domain)
      await dns.check().click()
      await expect(page.getByText(fill(say.sentence.external_other, { count: 2 }))).toBeVisible()
    })

    await test.step('field N1: expected, said by dimail and published, record by record and server by server', async () => {
      await page.getByRole('tab', { name: say.domain.tabs.records }).click()
      await expect(dns.situation).toContainText(fill(say.dns.sentence.toCorrect_other, { count: 2 }))
      const mx = dns.verdict(`MX ${domain}`)
      await expect(mx.getByRole('rowheader')).toContainText(say.dns.verdict.incorrect)
      const [expected, said, published] = [0, 1, 2].map((place) => mx.getByRole('cell').nth(place))
      await expect(expected ?? mx).toContainText('mx.ox.numerique.example.')
      await expect(said ?? mx).toContainText(say.why.wrong_mx.title)
      await expect(published ?? mx).toContainText('mail.ancien-hebergeur.example')
      await expect(published ?? mx).toContainText(fill(say.dns.saidBy_other, { count: 3 }))
      const spf = dns.verdict(`TXT ${domain}`)
      await expect(spf.getByRole('rowheader')).toContainText(say.dns.verdict.incomplete)
      await expect(dns.verdict(`CNAME imap.${domain}`)).toContainText(say.dns.verdict.correct)
      const answers = await dns.perServer(`MX ${domain}`)
      for (const server of ['ns-17-a.gandi.net', 'ns-142-b.gandi.net', 'ns-203-c.gandi.net', '192.0.2.53'])
        await expect(answers.getByRole('row').filter({ hasText: server }).first()).toContainText(
          'mail.ancien-hebergeur.example',
        )
    })

    await test.step('field N3: the proposal keeps what is there, with its difference and its look-ups', async () => {
      await expect(dns.proposal).toContainText(fill(say.dns.proposal.hintAt, { host: 'Gandi' }))
      const change = (reason: string) => dns.proposal.getByRole('listitem').filter({ hasText: like(reason) })
      await expect(change(say.dns.change['replace-wrong'])).toContainText(say.dns.act.change)
      const spf = change(say.dns.change['insert-include'])
      await expect(spf.locator('ins')).toContainText('include:_spf.ox.numerique.example')
      await expect(spf).toContainText(mended)
      await expect(spf).toContainText(like(say.dns.proposal.lookupsBoth))
    })

    await test.step('a value, a whole line and the lines of the zone are copied', async () => {
      const record = `MX ${domain}`
      const mx = dns.verdict(record)
      await mx.getByRole('button', { name: fill(say.domain.records.copyValue, { record }) }).click()
      await expect.poll(() => running.clipboard()).toBe('mx.ox.numerique.example.')
      await mx.getByRole('button', { name: fill(say.dns.copyLine, { record }) }).click()
      await expect.poll(() => running.clipboard()).toMatch(/ MX \d+ mx\.ox\.numerique\.example\.$/)
      const menu = page.getByRole('button', { name: say.dns.export.open })
      const of = (what: 'expected' | 'changes') =>
        page.getByRole('group', { name: say.dns.export.what[what] })
      await menu.click()
      await of('expected').getByRole('menuitem', { name: say.dns.export.copy.bind }).click()
      await expect.poll(() => running.clipboard()).toContain(`$ORIGIN ${domain}.`)
      const zone = await running.clipboard()
      expect(zone).toMatch(/^@\s.*\bIN\s+MX\s+10 mx\.ox\.numerique\.example\.$/m)
      expect(zone).toMatch(/^dimail\._domainkey\s.*\bIN\s+TXT\s/m)
      await menu.click()
      await of('changes').getByRole('menuitem', { name: say.dns.export.copy.tsv }).click()
      await expect.poll(() => running.clipboard()).toContain(mended)
      // An open menu has the keys.
      await expect(page.getByRole('menu')).toHaveCount(0)
    })

    await test.step('field N4: one key makes the letter, in both languages', async () => {
      await page.keyboard.press('l')
      await expect(dns.letter).toBeVisible()
      const preview = dns.letter.getByRole('region', { name: say.dns.letter.preview })
      await dns.letter.getByRole('textbox', { name: say.dns.letter.note }).fill(note)
      for (const [language, greeting] of [
        ['en', 'Yours faithfully'],
        ['fr', 'Madame, Monsieur'],
      ] as const) {
        await dns.letter.getByText(say.mail.locale[language], { exact: true }).click()
        await expect(preview).toContainText(greeting)
        await expect(preview).toContainText('Gandi')
        await expect(preview).toContainText('mx.ox.numerique.example')
        await expect(preview).toContainText(mended)
        await expect(preview).toContainText(note)
      }
      await dns.letter.getByText(say.mail.locale[locale], { exact: true }).click()
      await expect(preview).toContainText(locale === 'fr' ? 'Madame, Monsieur' : 'Yours faithfully')
    })

    await test.step('the letter is written as text, Markdown and PDF', async () => {
      const more = dns.letter.getByRole('button', { name: say.dns.letter.more })
      for (const [format, file] of [
        ['text', asText],
        ['markdown', asMarkdown],
        ['pdf', asPdf],
      ] as const) {
        await more.click()
        await page.getByRole('menuitem', { name: say.dns.letter.save[format] }).click()
        await expect(dns.letter.getByRole('status')).toContainText(file)
      }
      for (const file of [asText, asMarkdown]) expect(readFileSync(file, 'utf8')).toContain(note)
      expect(readFileSync(asText, 'utf8')).toContain(mended)
      expect(readFileSync(asMarkdown, 'utf8')).toContain('## ')
      const pdf = readFileSync(asPdf)
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      expect(pdf.length).toBeGreaterThan(5000)
      await more.click()
      await page.getByRole('menuitem', { name: say.dns.letter.copy.markdown }).click()
      await expect.poll(() => running.clipboard()).toContain('## ')
    })

    await test.step('it opens in the mail program, and is sent only after a question that names whom it goes to', async () => {
      await dns.letter.getByRole('textbox', { name: say.dns.letter.to }).fill(clerk)
      await dns.letter.getByRole('button', { name: say.mail.compose }).click()
      const composed = page
        .getByText(say.dns.letter.composed)
        .or(page.getByText(say.dns.letter.composedCopied))
      await expect(composed).toBeVisible()
      const link = (await running.openedLinks()).at(-1) ?? ''
      expect(decodeURIComponent(link)).toContain(`mailto:${clerk}?subject=`)
      expect(decodeURIComponent(link)).toContain(domain)
      await dns.letter.getByRole('button', { name: say.dns.letter.send, exact: true }).click()
      const asked = page.getByRole('dialog', { name: fill(say.dns.letter.confirm, { to: clerk }) })
      await expect(asked).toContainText(say.dns.letter.confirmWhat)
      await asked.getByRole('button', { name: say.dns.letter.send, exact: true }).click()
      await expect(dns.letter).toContainText(say.mail.sentTo)
      await dns.letter.getByRole('button', { name: say.app.close, exact: true }).click()
      await expect(dns.letter).toHaveCount(0)
      await dns.go(say.nav.outbox)
      const received = page.getByRole('article')
      await expect(received).toContainText(clerk)
      await expect(received).toContainText(domain)
      await expect(received).toContainText(mended)
      await expect(received).toContainText(note)
      await dns.go(say.nav.messages)
      await expect(dns.row(say.mail.kind.dns)).toContainText(say.mail.state.sent)
    })

    await test.step('the zone is corrected as it was proposed: DNS has it, dimail does not know', async () => {
      await dns.openZone(domain)
      await dns.retype('', 'mx', 'mx.ox.numerique.example.')
      await dns.retype('', 'txt', mended)
      await dns.publish()
      await dns.openDns(domain)
      await dns.askDns()
      await expect(dns.situation).toContainText(fill(say.dns.sentence.corrected, { ago: say.time.now }))
      await expect(dns.situation).toContainText(say.dns.sentence.publicBehind)
      const mx = dns.verdict(`MX ${domain}`)
      await expect(mx.getByRole('rowheader')).toContainText(say.dns.verdict.correct)
      await expect(mx.getByRole('cell').nth(1)).toContainText(say.why.wrong_mx.title)
      await expect(dns.proposal).toHaveCount(0)
    })

    await test.step('dimail is asked from there, sees it, and the domain is enabled', async () => {
      await dns.situation.getByRole('button', { name: say.dns.askDimail }).click()
      await expect(dns.situation).toContainText(fill(say.dns.sentence.agreed, { ago: say.time.now }))
      await page.getByRole('tab', { name: say.domain.tabs.health }).click()
      await expect(page.getByText(say.sentence.enabled)).toBeVisible()
      await dns.go(say.nav.domains)
      await dns.search(domain)
      await expect(dns.row(domain)).toContainText(say.status.enabled)
    })

    await test.step('what dimail expects is written as a table', async () => {
      await dns.openDns(domain)
      await page.getByRole('button', { name: say.dns.export.open }).click()
      await page.getByRole('menuitem', { name: say.dns.export.save.csv }).click()
      await expect(page.getByText(fill(say.dns.export.saved, { file: asCsv }))).toBeVisible()
      expect(readFileSync(asCsv, 'utf8')).toContain('mx.ox.numerique.example.')
    })
    rmSync(folder, { recursive: true, force: true })
  })
}
