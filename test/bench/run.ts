import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Benchmark, describeFigure, type Figure, judgeFigure } from './budgets.ts'
import { checkRate } from './check-rate.ts'
import { dnsRate } from './dns-rate.ts'
import { importing } from './import.ts'
import { listSearch } from './list-search.ts'
import { mailboxSearch } from './mailbox-search.ts'
import { store } from './store.ts'

const benchmarks: readonly Benchmark[] = [checkRate, store, listSearch, mailboxSearch, importing, dnsRate]

const usage = 'Usage: npm run bench -- [--only NAME] [--quick] [--strict] [--json FILE]'

process.exitCode = await main()

/** Runs the benchmarks asked for and gives the exit code: a missed budget is one only with `--strict`. */
async function main(): Promise<number> {
  const options = readOptions()
  const names = benchmarks.flatMap(({ budgets }) => Object.keys(budgets))
  if (options === null || (options.only !== undefined && !names.includes(options.only))) {
    console.error(`${usage}\nNames: ${names.join(', ')}`)
    return 2
  }
  const { only, quick = false, strict = false, json } = options
  const say = (line: string) => console.log(`  ${line}`)
  const figures: Record<string, Figure> = {}
  for (const { budgets, run } of benchmarks) {
    if (only !== undefined && !(only in budgets)) continue
    console.log(Object.keys(budgets).join(', '))
    const measured = await run({ quick, say })
    for (const [name, budget] of Object.entries(budgets)) {
      const value = measured[name]
      if (value === undefined) throw new Error(`The benchmark did not measure ${name}`)
      const figure = judgeFigure(budget, value)
      figures[name] = figure
      say(describeFigure(name, figure, budget))
    }
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`)
  return strict && Object.values(figures).some((figure) => !figure.pass) ? 1 : 0
}

function readOptions() {
  try {
    const flag = { type: 'boolean' } as const
    const text = { type: 'string' } as const
    return parseArgs({ options: { only: text, quick: flag, strict: flag, json: text } }).values
  } catch {
    return null
  }
}
