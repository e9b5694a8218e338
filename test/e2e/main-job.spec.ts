import type { Locator } from '@playwright/test'
import checksEn from '../../resources/why/checks.en.json' with { type: 'json' }
import checksFr from '../../resources/why/checks.fr.json' with { type: 'json' }
import { agentOn } from './agent.ts'
import { expect, test } from './launch.ts'
import { fill, languages, words } from './words.ts'

const labels = { fr: checksFr, en: checksEn }
const repairable = 'ehpad-les-tilleuls.example'
const broken = 'mairie-sauvebelle.example'

for (const locale of languages) {
  const say = words[locale]

  test(`${locale}: see the fleet, know why a domain fails, repair it, read it all offline`, async ({
    launch,
  }) => {
    test.setTimeout(120_000)
    const first = await launch({ locale })
    const agent = agentOn(first, say)
    const violations: string[] = []
    first.page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) violations.push(message.text())
    })

    await test.step('first run: the sandbox opens on the whole fleet', async () => {
      await agent.openSandbox()
      for (const [status, count] of Object.entries({
        enabled: 31,
        action_required: 14,
        failed: 6,
        pending: 7,
        disabled: 2,
      })) {
        const label = say.domains.filter[status as keyof typeof say.domains.filter]
        await expect(agent.filter(label)).toHaveAccessibleName(`${label} ${count}`)
      }
      await expect(agent.row('ehpad-les-tilleuls')).toContainText(say.status.failed)
      await expect(agent.sign).toContainText(say.connectivity.online)
    })

    await test.step('search finds a domain by any part of its name', async () => {
      await agent.search('auvebel')
      await expect(agent.rows()).toHaveCount(2) // the head, and the one domain
      await expect(agent.filter(say.domains.all)).toHaveAccessibleName(`${say.domains.all} 60`)
      await agent.search('')
    })

    await test.step('one key repairs what one call repairs, and shows before and after', async () => {
      await agent.openDomain(repairable)
      await expect(agent.page.getByText(say.why['check:postfix'].consequence).first()).toBeVisible()
      await agent.page.keyboard.press('f')
      const dialog = agent.page.getByRole('dialog', {
        name: fill(say.domain.repairConfirm, { name: repairable }),
      })
      await expect(dialog).toContainText('Postfix')
      await dialog.getByRole('button', { name: say.domain.repair }).click()
      const outcome = agent.page.getByRole('region', { name: say.domain.lastRepair })
      await expect(outcome).toContainText(say.domain.effect.repaired)
      await expect(outcome).toContainText(say.status.failed)
      await expect(outcome).toContainText(say.status.enabled)
      await expect(agent.page.getByText(say.sentence.enabled)).toBeVisible()
      await expect(dialog).toHaveCount(0)
      await expect(agent.repair()).toBeDisabled()
      await expect(agent.page.getByText(say.cannotRepair.nothing)).toBeVisible()
      await agent.go(say.nav.journal)
      await expect(agent.row(repairable)).toContainText(say.domain.effect.repaired)
      await expect(agent.row(repairable)).toContainText(say.status.failed)
      await expect(agent.row(repairable)).toContainText(say.status.enabled)
    })

    await test.step('every external and internal error is read, explained and verbatim', async () => {
      await agent.openDomain(broken)
      await agent.page.keyboard.press('r')
      await expect(agent.page.getByText(fill(say.time.checked, { ago: say.time.now }))).toBeVisible()
      for (const [key, code] of [
        ['mx', 'wrong_mx'],
        ['cname_imap', 'no_cname_imap'],
        ['dkim', 'wrong_dkim'],
      ] as const) {
        const check = agent.oneCheck(labels[locale][key].label)
        await expect(check).toContainText(say.check.failing)
        await expect(check).toContainText(say.why[code].cause)
        await expect(check).toContainText(say.why[code].next)
        await expect(check.locator('q [lang="fr"]')).not.toBeEmpty()
      }
      const internal = agent.page.getByRole('region', { name: say.domain.internal })
      await expect(internal.getByRole('article').filter({ hasText: 'Postfix' })).toContainText(
        say.check.failing,
      )
      await expect(agent.repair()).toBeDisabled()
      await expect(agent.page.getByText(say.cannotRepair.external)).toBeVisible()
    })

    await test.step('a record is copied, name and value', async () => {
      await agent.page.getByRole('tab', { name: say.domain.tabs.records }).click()
      const record = `MX ${broken}`
      await agent.page.getByRole('button', { name: fill(say.domain.records.copyValue, { record }) }).click()
      await expect.poll(() => first.clipboard()).toMatch(/^mx\..*\.$/)
      await agent.page.getByRole('button', { name: fill(say.domain.records.copyName, { record }) }).click()
      await expect.poll(() => first.clipboard()).toBe(broken)
    })

    const results =
      await test.step('a check of twenty is cancelled at ten or so, and keeps its results', async () => {
        await agent.setLatency(700)
        await agent.go(say.nav.domains)
        await agent.filter(say.domains.filter.enabled).click()
        await expect(agent.rows().nth(1)).toContainText(say.status.enabled)
        await agent.rows().nth(1).getByRole('button').focus()
        for (let row = 0; row < 20; row++) {
          await agent.page.keyboard.press('x')
          await agent.page.keyboard.press('j')
        }
        await expect(agent.page.getByText(fill(say.domains.selected_other, { count: 20 }))).toBeVisible()
        await agent.page.keyboard.press('r')
        const progress = agent.drawer.getByRole('status')
        await expect(progress).toContainText(/\b1\d\b (sur|of) 20/)
        await agent.drawer.getByRole('button', { name: say.jobs.cancel }).click()
        await expect(progress).toContainText(say.jobs.state.cancelled)
        const kept = Number(/(\d+) (sur|of) 20/.exec((await progress.textContent()) ?? '')?.[1])
        expect(kept).toBeGreaterThanOrEqual(10)
        expect(kept).toBeLessThan(20)
        await expect(progress).toContainText(fill(say.jobs.notDone_other, { count: 20 - kept }))
        await expect(agent.drawer.getByRole('cell', { name: say.jobs.row.done, exact: true })).toHaveCount(
          kept,
        )
        await agent.drawer.getByRole('button', { name: say.app.close }).click()
        await agent.setLatency(0)
        return kept
      })

    /** `why`: what keeps from checking, on top of every page too. */
    const readOffline = async (reader: typeof agent, banner: Locator, why: string) => {
      await expect(banner).toBeVisible()
      await reader.go(say.nav.domains)
      await expect(reader.filter(say.domains.all)).toHaveAccessibleName(`${say.domains.all} 60`)
      await expect(reader.page.getByRole('button', { name: say.domains.checkAll })).toBeDisabled()
      await reader.openDomain(broken)
      await expect(reader.oneCheck(labels[locale].mx.label)).toContainText(say.why.wrong_mx.cause)
      await expect(reader.check()).toBeDisabled()
      await expect(reader.page.getByText(why)).toBeVisible()
      await reader.page.getByRole('tab', { name: say.domain.tabs.records }).click()
      await expect(reader.row('MX')).toContainText(broken)
      await reader.openDomain(repairable)
      await expect(reader.page.getByRole('region', { name: say.domain.lastRepair })).toContainText(
        say.domain.effect.repaired,
      )
      await reader.go(say.nav.jobs)
      await expect(reader.page.getByRole('row').first()).toContainText(say.jobs.state.cancelled)
      await expect(reader.page.getByRole('row').first()).toContainText(
        fill(say.jobs.progress, { done: results, total: 20 }),
      )
    }

    await test.step('the sandbox stops: a banner, ages, and everything still readable', async () => {
      await agent.go(say.nav.sandbox)
      await agent.page.getByRole('button', { name: say.sandbox.stop }).click()
      await expect(agent.sign).toContainText(say.connectivity['not-answering'])
      await readOffline(agent, agent.banner, say.cannotCheck['not-answering'])
    })

    expect(violations).toEqual([])
    const second = await first.restart()
    const again = agentOn(second, say)

    await test.step('started again offline: the same data, for an agent who is known and not proven', () =>
      readOffline(again, again.knownBanner, say.cannotCheck.known))

    await test.step('the sandbox starts, the agent signs in: all is well within fifteen seconds', async () => {
      await again.startSandbox()
      await again.signInAgain()
      await expect(again.sign).toContainText(say.connectivity.online, { timeout: 15_000 })
      await expect(again.banner).toHaveCount(0)
      await again.openDomain(broken)
      await expect(again.check()).toBeEnabled()
    })
  })
}
