import { bootstrap, build, commandsOf, root, run } from './bootstrap.mjs'

await bootstrap()
const { canariesConfig, listPlaywright, listVitest, runPlaywright, runVitest } = await import('./levels.mjs')
const { watchSuite } = await import('./canaries.mjs')

const args = process.argv.slice(2)
const levels = ['unit', 'wire', 'e2e']
const unknown = args.filter((arg) => arg !== '--list' && !levels.includes(arg))
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(' ')}. Usage: npm test -- [--list] [${levels.join('|')}]`)
  process.exit(2)
}
const asked = args.filter((arg) => levels.includes(arg))
const chosen = asked.length > 0 ? asked : levels
const folders = chosen.filter((level) => level !== 'e2e').map((level) => `test/${level}/`)

if (args.includes('--list')) await list()
else await test()

async function list() {
  const titles = [
    ...(folders.length > 0 ? await listVitest(folders) : []),
    ...(chosen.includes('e2e') ? await listPlaywright() : []),
    ...(await listVitest([], canariesConfig)),
  ]
  console.log(titles.map((title) => title.replace(/\s+/g, ' ')).join('\n'))
  process.exitCode = titles.length > 0 ? 0 : 1
}

async function test() {
  /** @type {import('./levels.mjs').Count[]} */
  const counts = []
  if (asked.length === 0) for (const command of commandsOf('check')) counts.push(await check(command))
  const needsBrowser = chosen.includes('wire') || chosen.includes('e2e')
  if (needsBrowser)
    await (await import('./browser.mjs')).ensureBrowser().catch(({ message }) => console.error(message))
  if (chosen.includes('wire')) (await import('./name-server.mjs')).ensureNameServer()
  const { env } = watchSuite(chosen)
  if (folders.length > 0) counts.push(await runVitest(folders))
  if (chosen.includes('e2e'))
    counts.push(
      (await build()) ? await runPlaywright() : { passed: 0, failed: 1, failures: ['npm run build'] },
    )
  counts.push(await runVitest([], canariesConfig, env))

  const passed = counts.reduce((sum, count) => sum + count.passed, 0)
  const failed = counts.reduce((sum, count) => sum + count.failed, 0)
  for (const title of counts.flatMap(({ unsteady = [] }) => unsteady)) console.log(`unsteady: ${title}`)
  for (const title of counts.flatMap(({ failures }) => failures)) console.log(`failed: ${title}`)
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = passed > 0 && failed === 0 ? 0 : 1
}

/** @param {string} command */
async function check(command) {
  console.log(command)
  const code = await run(command, [], { cwd: root, shell: true })
  return code === 0 ? { passed: 1, failed: 0, failures: [] } : { passed: 0, failed: 1, failures: [command] }
}
