import { createServer } from 'node:net'
import { agentOn } from './agent.ts'
import { expect, test } from './launch.ts'
import { ownSandbox, withDeployCenter } from './own-sandbox.ts'
import { fill, languages, words } from './words.ts'

const known = 'clairvaux-les-granges.example'
const fresh = 'neuvy-fictif.example'
const siret = '99900000200015'
const key = 'une-cle-de-provisionnement-fictive-et-longue'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

for (const locale of languages) {
  const say = words[locale]

  test(`${locale}: pasted lines are judged, applied, shown on their domains and found; another program does the same`, async ({
    launch,
  }) => {
    test.setTimeout(120_000)
    const port = await freePort()
    const { sandbox, args } = await ownSandbox((own) => ({
      ...withDeployCenter(own),
      provisioning: { port },
      provisioningKey: key,
    }))
    const running = await launch({ locale, args })
    const { page } = running
    const agent = agentOn(running, say)
    const posts = () => sandbox.requests.filter(({ method }) => method === 'POST').length
    await agent.seesDomains(60)
    // Every flag is off: provisioning knows none.
    await expect(page.getByRole('button', { name: say.setup.new })).toHaveCount(0)
    await agent.go(say.nav.provisioning)
    await expect(page.getByRole('heading', { level: 1, name: say.provisioning.title })).toBeVisible()

    await test.step('every line has its verdict, and nothing is sent', async () => {
      const lines = `domaine;siret;canton\n${known};${siret};Combe-Noire\n${fresh};;Val-Perdu\npas un nom;;\n`
      await page.getByRole('textbox', { name: say.provisioning.paste }).fill(lines)
      await page.getByRole('button', { name: say.provisioning.dryRun }).click()
      await expect(page.getByText(fill(say.provisioning.total_other, { count: 3 }))).toBeVisible()
      const table = page.getByRole('region', { name: say.provisioning.lines })
      await expect(table.getByRole('row').filter({ hasText: fresh })).toContainText(
        say.provisioning.verdict.created,
      )
      await expect(table.getByRole('row').filter({ hasText: known })).toContainText('Combe-Noire')
      await expect(table.getByRole('row').filter({ hasText: 'pas un nom' })).toContainText(
        say.provisioning.error.invalid_name,
      )
      expect(posts()).toBe(0)
    })

    await test.step('applied, with a result for each', async () => {
      await page.getByRole('button', { name: fill(say.provisioning.apply_other, { count: 2 }) }).click()
      const asked = page.getByRole('dialog', { name: fill(say.provisioning.ask_other, { count: 2 }) })
      await expect(asked).toContainText(fill(say.provisioning.willCreate_one, { count: 1 }))
      await asked.getByRole('button', { name: say.provisioning.applyNow, exact: true }).click()
      await expect(agent.drawer).toContainText(say.jobs.state.done)
      await agent.drawer.getByRole('button', { name: say.app.close }).click()
      await expect(agent.drawer).toHaveCount(0)
      expect(posts()).toBe(1)
      expect(sandbox.world.domain(fresh)).toBeDefined()
    })

    await test.step('the attributes are on the domain, and find it', async () => {
      await agent.openDomain(fresh)
      await expect(page.getByRole('region', { name: say.domain.attributes.title })).toContainText('Val-Perdu')
      await agent.go(say.nav.domains)
      await agent.search('combe-noi')
      await expect(agent.rows()).toHaveCount(2)
      await expect(agent.row(known)).toBeVisible()
    })

    await test.step('the storage of a mailbox is shown, for its organisation is known now', async () => {
      await agent.openDomain(known)
      await page.getByRole('tab', { name: say.domain.tabs.mailboxes }).click()
      await agent.rows().nth(1).getByRole('button').first().click()
      const storage = page.getByRole('region', { name: say.quota.title })
      await expect(storage.getByRole('meter', { name: say.quota.organization })).toBeVisible()
      await page.keyboard.press('Escape')
      await expect(agent.drawer).toHaveCount(0)
    })

    await test.step('another program of this computer provisions through the endpoint', async () => {
      const call = (authorization: string, body: object) =>
        fetch(`http://127.0.0.1:${port}/api/v1.0/provisioning/maildomains/`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization },
          body: JSON.stringify(body),
        })
      const wanted = { domains: [known, 'bourg-fictif.example'], custom_attributes: { siret } }
      expect((await call('Bearer autre', wanted)).status).toBe(403)
      const answer = await call(`Bearer ${key}`, wanted)
      expect(answer.status).toBeLessThan(300)
      expect(await answer.json()).toMatchObject({
        created: ['bourg-fictif.example'],
        existing: [known],
        errors: [],
      })
      await agent.go(say.nav.provisioning)
      const endpoint = page.getByRole('region', { name: say.provisioning.endpoint.title })
      await expect(endpoint).toContainText(say.provisioning.endpoint.state.listening)
      await expect(endpoint).toContainText(fill(say.provisioning.endpoint.calls_one, { count: 1 }))
      await expect(endpoint).toContainText(fill(say.provisioning.endpoint.refused_one, { count: 1 }))
      await agent.openDomain('bourg-fictif.example')
      await expect(page.getByRole('region', { name: say.domain.attributes.title })).toContainText(siret)
    })
    await sandbox.close()
  })
}
