import type { Locator } from '@playwright/test'
import { agentOn } from './agent.ts'
import { type Console, expect } from './launch.ts'
import type { Running } from './running.ts'
import { fill, like, type Words } from './words.ts'

type Record = { target: string; type: string; value: string }
type Mode = keyof Words['sandbox']['zone']['mode']

/** What an agent does with the DNS of a domain, and in the sandbox's page what its owner does at the host. */
export function dnsOn(running: Pick<Console | Running, 'page' | 'openedLinks'>, say: Words) {
  const { page } = running
  const agent = agentOn(running, say)
  const zone = page.getByRole('region', { name: say.sandbox.zone.title })
  const rows = zone.getByRole('row')

  async function recordsIn(): Promise<(Record & { row: Locator })[]> {
    const found: (Record & { row: Locator })[] = []
    for (const row of await rows.all()) {
      if ((await row.getByRole('combobox').count()) === 0) continue
      const type = (await row.getByRole('combobox').inputValue()).toLowerCase()
      const [target = '', value = ''] = await Promise.all([
        row.getByRole('textbox').first().inputValue(),
        row.getByRole('textbox').last().inputValue(),
      ])
      found.push({ target, type, value, row })
    }
    return found
  }

  const dns = {
    ...agent,
    zone,
    /** What DNS and dimail say together, in one sentence. */
    situation: page.getByRole('region', { name: say.dns.situation }),
    proposal: page
      .getByRole('region')
      .filter({ has: page.getByRole('heading', { name: like(say.dns.proposal.title_other) }) })
      .or(
        page
          .getByRole('region')
          .filter({ has: page.getByRole('heading', { name: like(say.dns.proposal.title_one) }) }),
      ),
    letter: page.getByRole('dialog', { name: like(say.dns.letter.title) }),
    rehearsal: page.getByRole('dialog', { name: say.dns.rehearsal.title }),
    watch: page.getByRole('switch', { name: say.dns.watch.label }),
    askNow: page.getByRole('button', { name: say.dns.askNow, exact: true }),
    /** One record of the double verdict: `MX castelnoir.example`. */
    verdict: (called: string): Locator =>
      page
        .getByRole('region', { name: say.dns.verdictsTable })
        .getByRole('row')
        .filter({
          has: page.getByRole('button', { name: fill(say.dns.copyLine, { record: called }) }),
        }),
    /** What each server answered of a record, opened. */
    async perServer(called: string): Promise<Locator> {
      const answers = page.getByRole('region', { name: fill(say.dns.perServerOf, { record: called }) })
      if (!(await answers.isVisible()))
        await dns
          .verdict(called)
          .getByRole('button', { name: like(say.dns.perServer_other) })
          .click()
      return answers
    },
    async openDns(name: string) {
      await agent.openDomain(name)
      await page.getByRole('tab', { name: say.domain.tabs.records }).click()
      await expect(dns.situation).toBeVisible()
    },
    /** Asks the name servers, and waits for what they say. */
    async askDns() {
      // It asks by itself when the tab is opened: that answer may be under way.
      await expect(dns.askNow).toBeEnabled()
      await dns.askNow.click()
      await expect(page.getByText(say.dns.asking)).toHaveCount(0)
      await expect(page.getByText(like(say.dns.ages))).toContainText(say.time.now)
    },
    async openZone(name: string) {
      await agent.go(say.nav.sandbox)
      // Proposed names would stand over the button.
      const field = zone.getByRole('combobox', { name: say.sandbox.zone.domain })
      await field.fill(name)
      await field.press('Enter')
      await expect(
        zone.getByRole('form', { name: fill(say.sandbox.zone.of, { domain: name }) }),
      ).toBeVisible()
    },
    async valueOf(target: string, type: string): Promise<string> {
      const found = (await recordsIn()).find((one) => one.target === target && one.type === type)
      if (!found) throw new Error(`No ${type} of "${target}" in the zone`)
      return found.value
    },
    /** Types another value of the first record of that name and type. */
    async retype(target: string, type: string, value: string) {
      const found = (await recordsIn()).find((one) => one.target === target && one.type === type)
      if (!found) throw new Error(`No ${type} of "${target}" in the zone`)
      await found.row.getByRole('textbox').last().fill(value)
    },
    async withdraw(target: string, type: string) {
      const found = (await recordsIn()).find((one) => one.target === target && one.type === type)
      if (!found) throw new Error(`No ${type} of "${target}" in the zone`)
      await found.row.getByRole('button').click()
    },
    async add({ target, type, value }: Record) {
      await zone.getByRole('button', { name: say.sandbox.zone.add }).click()
      const row = rows.last()
      await row.getByRole('combobox').selectOption(type.toUpperCase())
      await row.getByRole('textbox').first().fill(target)
      await row.getByRole('textbox').last().fill(value)
    },
    /** How the name servers treat the domain, in the order in which they are listed; the others as they did. */
    async serve(...modes: Mode[]) {
      const servers = zone.getByRole('group', { name: say.sandbox.zone.servers }).getByRole('combobox')
      for (const [place, mode] of modes.entries()) await servers.nth(place).selectOption(mode)
    },
    async publish() {
      await zone.getByRole('button', { name: say.sandbox.zone.publish, exact: true }).click()
      await expect(zone.getByText(say.sandbox.zone.published)).toBeVisible()
    },
    /** Publishes what dimail expects. */
    async heal(name: string) {
      await dns.openZone(name)
      await zone.getByRole('button', { name: say.sandbox.zone.heal }).click()
      await expect(zone.getByText(say.sandbox.zone.healed)).toBeVisible()
    },
  }
  return dns
}
