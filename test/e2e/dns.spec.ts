import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { dnsOn } from './dns-agent.ts'
import { expect, test } from './launch.ts'
import { ownSandbox } from './own-sandbox.ts'
import { fill, languages, like, words } from './words.ts'

const broken = 'montfleury-sur-orne.example'
const read = 'port-salin.example'

/** What a page that was tampered with would get from what the screens of a viewer hide. */
const refusalsOf = (page: Page) =>
  page.evaluate(async (name) => {
    const letter = { name, locale: 'fr' as const, note: '', to: 'mairie@ailleurs.example' }
    const replies = [
      await window.bridge['dns.sendLetter'](letter),
      await window.bridge['dns.watch']({ name }),
    ]
    return replies.map((reply) => (reply.ok ? 'done' : `${reply.failure.code}/${reply.failure.reason}`))
  }, read)

for (const locale of languages) {
  const say = words[locale]

  test(`${locale}, field N14: a rehearsal says what would be right, and what would remain`, async ({
    launch,
  }) => {
    const running = await launch({ locale })
    const { page } = running
    const dns = dnsOn(running, say)
    await dns.openSandbox()
    await dns.openDns(broken)
    await dns.askDns()
    await page.getByRole('button', { name: say.dns.rehearsal.open, exact: true }).click()
    const result = dns.rehearsal.getByRole('status')
    const row = (called: string) => dns.rehearsal.getByRole('row').filter({ hasText: called })
    const now = (called: string) => row(called).getByRole('cell').first()
    const then = (called: string) => row(called).getByRole('cell').last()

    await test.step('with the proposal, all would be right', async () => {
      await expect(now(`MX ${broken}`)).toContainText(say.dns.verdict.incorrect)
      await expect(then(`MX ${broken}`)).toContainText(say.dns.verdict.correct)
      const all = (await dns.rehearsal.getByRole('row').count()) - 1
      await expect(result).toContainText(fill(say.dns.rehearsal.right_other, { count: all, of: all }))
      await expect(result).toContainText(say.dns.rehearsal.noConflict)
    })

    await test.step('without one of its changes, that record stays wrong', async () => {
      await dns.rehearsal.getByRole('checkbox', { name: like(`MX ${broken}`) }).click()
      await expect(then(`MX ${broken}`)).toContainText(say.dns.verdict.incorrect)
      await expect(then(`TXT ${broken}`)).toContainText(say.dns.verdict.correct)
    })

    await test.step('with another MX besides, a conflict remains', async () => {
      await dns.rehearsal.getByRole('checkbox', { name: like(`MX ${broken}`) }).click()
      await expect(then(`MX ${broken}`)).toContainText(say.dns.verdict.correct)
      await dns.rehearsal.getByRole('button', { name: say.dns.rehearsal.add, exact: true }).click()
      await dns.rehearsal
        .getByRole('textbox', { name: fill(say.dns.rehearsal.value, { line: 1 }) })
        .fill('secours.ancien-hebergeur.example.')
      await expect(then(`MX ${broken}`)).toContainText(say.dns.verdict.conflicting)
      await expect(dns.rehearsal.getByRole('heading', { name: say.dns.rehearsal.remaining })).toBeVisible()
      const extra = like(say.dns.finding['mx-extra'])
      await expect(dns.rehearsal.getByRole('listitem').filter({ hasText: extra })).toContainText(
        'secours.ancien-hebergeur.example',
      )
    })

    await test.step('nothing was published', async () => {
      await page.keyboard.press('Escape')
      await expect(dns.rehearsal).toHaveCount(0)
      await dns.openZone(broken)
      expect(await dns.valueOf('', 'mx')).toBe('mail.ancien-hebergeur.example.')
    })
  })

  test(`${locale}, field 2.1: with the sandbox stopped what was read stays, and nothing that cannot be read is called missing`, async ({
    launch,
  }) => {
    test.setTimeout(120_000)
    const first = await launch({ locale })
    const dns = dnsOn(first, say)
    await dns.openSandbox()
    await dns.openDns(broken)
    await dns.askDns()
    await dns.go(say.nav.sandbox)
    await dns.page.getByRole('button', { name: say.sandbox.stop }).click()
    await expect(dns.banner).toBeVisible()

    await test.step('what was read stays readable', async () => {
      await dns.openDns(broken)
      await expect(dns.verdict(`MX ${broken}`)).toContainText('mail.ancien-hebergeur.example')
      await expect(dns.proposal).toBeVisible()
    })

    await test.step('asked now, nobody answers: illegible, and never missing', async () => {
      await dns.askDns()
      await expect(dns.situation).toContainText(fill(say.dns.sentence.unreadable, { ago: say.time.now }))
      const table = dns.page.getByRole('region', { name: say.dns.verdictsTable })
      for (const verdict of await table.getByRole('rowheader').allInnerTexts())
        expect(verdict).toContain(say.dns.verdict.error)
      await expect(table.getByText(say.dns.verdict.missing, { exact: true })).toHaveCount(0)
      await expect(dns.verdict(`MX ${broken}`)).toContainText('mx.ox.numerique.example.')
      await expect(dns.proposal).toHaveCount(0)
    })

    await test.step('the page stays usable: a value is copied, and no letter accuses the town of what was not read', async () => {
      const record = `MX ${broken}`
      await dns
        .verdict(record)
        .getByRole('button', { name: fill(say.domain.records.copyValue, { record }) })
        .click()
      await expect.poll(() => first.clipboard()).toBe('mx.ox.numerique.example.')
      await dns.page.keyboard.press('l')
      await expect(dns.letter.getByRole('alert')).toContainText(say.failures['not-possible']['dns-unread'])
      await expect(dns.letter.getByRole('button', { name: say.mail.compose })).toBeDisabled()
      await dns.letter.getByRole('button', { name: say.app.close, exact: true }).click()
      await expect(dns.letter).toHaveCount(0)
    })

    const second = await first.restart()
    const again = dnsOn(second, say)
    await test.step('started again, whoever is only known reads it and asks nobody', async () => {
      await expect(again.knownBanner).toBeVisible()
      await again.openDns(broken)
      await expect(again.verdict(`MX ${broken}`)).toContainText('mx.ox.numerique.example.')
      await expect(again.askNow).toBeDisabled()
      await expect(second.page.getByText(say.dns.cannotAsk.known)).toBeVisible()
    })

    await test.step('the sandbox is there again: DNS is read as before', async () => {
      await again.startSandbox()
      await again.signInAgain()
      await expect(again.sign).toContainText(say.connectivity.online)
      await again.openDns(broken)
      await again.askDns()
      await expect(again.verdict(`MX ${broken}`).getByRole('rowheader')).toContainText(
        say.dns.verdict.incorrect,
      )
    })
  })

  test(`${locale}: a viewer reads what DNS says and makes the letter, and neither sends it nor waits`, async ({
    launch,
  }) => {
    const running = await launch({ locale })
    const { page } = running
    const dns = dnsOn(running, say)
    await dns.openSandbox('viewer', 1)
    await dns.openDns(read)
    await dns.askDns()
    await expect(dns.verdict(`MX ${read}`).getByRole('rowheader')).toContainText(say.dns.verdict.correct)
    await expect(dns.watch).toHaveCount(0)
    await page.keyboard.press('l')
    await expect(dns.letter.getByRole('region', { name: say.dns.letter.preview })).toContainText(read)
    await dns.letter.getByRole('textbox', { name: say.dns.letter.to }).fill('mairie@ailleurs.example')
    await expect(dns.letter.getByRole('button', { name: say.mail.compose })).toBeEnabled()
    await expect(dns.letter.getByRole('button', { name: say.dns.letter.send, exact: true })).toHaveCount(0)
    expect(await refusalsOf(page)).toEqual(['refused/role', 'refused/role'])
  })

  test(`${locale}: the DNS of a selection is asked in one job, whose rows tell what is to be corrected`, async ({
    launch,
  }) => {
    const running = await launch({ locale })
    const dns = dnsOn(running, say)
    await dns.openSandbox()
    const chosen = [
      { name: broken, result: fill(say.jobs.toCorrect_other, { count: 2 }) },
      { name: 'castelnoir.example', result: fill(say.jobs.toCorrect_one, { count: 1 }) },
      { name: 'brumelle.example', result: say.jobs.toCorrect_zero },
    ]
    for (const { name } of chosen) {
      await dns.search(name)
      await dns.row(name).first().getByRole('checkbox').waitFor()
      const row = dns.rows().filter({ has: running.page.getByRole('button', { name, exact: true }) })
      await row.getByRole('checkbox').check()
    }
    await dns.search('')
    await running.page.getByRole('button', { name: say.domains.askDns, exact: true }).click()
    await expect(dns.drawer.getByRole('status')).toContainText(say.jobs.state.done)
    await expect(dns.drawer.getByRole('status')).toContainText(fill(say.jobs.progress, { done: 3, total: 3 }))
    for (const { name, result } of chosen)
      await expect(dns.drawer.getByRole('row').filter({ hasText: name })).toContainText(result)
    await dns.openDns(broken)
    await expect(dns.situation).toContainText(like(say.dns.sentence.toCorrect_other))
  })

  test(`${locale}, field N5: a code that the catalogue does not know keeps dimail's words and is counted`, async ({
    launch,
  }) => {
    const { sandbox, args } = await ownSandbox()
    const running = await launch({ locale, args })
    const { page } = running
    const dns = dnsOn(running, say)
    const domain = 'brumelle.example'
    sandbox.world.domain(domain)?.foreign.set('mx', {
      internal: false,
      errors: [{ code: 'mx_of_another_age', detail: 'Le MX date d’un autre âge.' }],
    })
    await dns.openDomain(domain)
    for (let times = 0; times < 2; times++) {
      await dns.check().click()
      await expect(page.getByText('Le MX date d’un autre âge.').first()).toBeVisible()
      await expect(dns.check()).toBeEnabled()
    }
    await dns.go(say.nav.settings)
    const codes = page.getByRole('region', { name: say.dns.codes.title })
    await expect(codes.getByRole('row').filter({ hasText: 'mx_of_another_age' })).toContainText(domain)
    await expect(
      codes.getByRole('row').filter({ hasText: 'mx_of_another_age' }).getByRole('cell').nth(2),
    ).toHaveText('2')
    await page.getByRole('button', { name: say.dns.codes.copy }).click()
    await expect.poll(() => running.clipboard()).toContain('mx_of_another_age\t2\t')
    await sandbox.close()
  })
}

test('while DNS of the Sandbox profile is asked, nothing is sent anywhere but to this computer', async ({
  launch,
}) => {
  // biome-ignore lint/suspicious/noSkippedTests: the binary reads no NODE_OPTIONS of this kind.
  test.skip(Boolean(process.env.E2E_REAL), 'Electron takes no --import')
  const say = words.fr
  const folder = mkdtempSync(join(tmpdir(), 'console-sent-'))
  const file = join(folder, 'sent')
  const hook = new URL('loopback-only.ts', import.meta.url).href
  const running = await launch({ env: { LOOPBACK_ONLY: file, NODE_OPTIONS: `--import=${hook}` } })
  const dns = dnsOn(running, say)
  await dns.openSandbox()
  for (const domain of [broken, 'beauregard-en-vexane.example', 'saint-hilaire-du-gue.example']) {
    await dns.openDns(domain)
    await dns.askDns()
  }
  await dns.openZone(broken)
  await dns.serve('silent', 'silent')
  await dns.publish()
  await dns.openDns(broken)
  await dns.askDns()
  const sent = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  const places = [...new Set(sent)]
  expect(sent.filter((one) => one === 'udp 127.0.0.1').length).toBeGreaterThan(100)
  expect(places.filter((one) => !/^(udp|tcp|lookup) (127\.0\.0\.1|localhost|::1)$/.test(one))).toEqual([])
  rmSync(folder, { recursive: true, force: true })
})
