import { parseArgs } from 'node:util'
import { isDialect } from './dialects.ts'
import type { SandboxOptions } from './server.ts'

export const usage =
  'Usage: npm run sandbox -- [--port P] [--domains N] [--latency MS] [--dialect 2024|0.6.7|0.6-late] [--seed S]'

/** What was typed cannot be understood; the message is one sentence for a person. */
export class UsageError extends Error {}

/**
 * The options of a command line, and whether the process must end with its parent's stdin.
 * @throws UsageError for an unknown option or a value out of bounds.
 */
export function readArguments(args: readonly string[]): SandboxOptions & { followParent: boolean } {
  const { port, domains, latency, dialect, seed, ...values } = parse(args)
  if (dialect !== undefined && !isDialect(dialect)) throw new UsageError(`Unknown dialect: ${dialect}`)
  return {
    followParent: values['follow-parent'] ?? false,
    ...(port !== undefined && { port: whole('port', port, 0, 65_535) }),
    ...(domains !== undefined && { domains: whole('domains', domains, 0, 100_000) }),
    ...(latency !== undefined && { latencyMs: whole('latency', latency, 0, 60_000) }),
    ...(seed !== undefined && { seed: whole('seed', seed, 0, 2 ** 31) }),
    ...(dialect !== undefined && { dialect }),
  }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ port: text, domains: text, latency: text, dialect: text, seed: text },
        'follow-parent': { type: 'boolean' },
      },
    }).values
  } catch (error) {
    // Its messages go on with advice, over several lines for some.
    const [first] = String(error instanceof Error ? error.message : error).split(/\. |\.?\n/)
    throw new UsageError(first)
  }
}

function whole(name: string, value: string, least: number, most: number): number {
  const number = Number(value)
  if (/^\d+$/.test(value) && number >= least && number <= most) return number
  throw new UsageError(`--${name} must be a whole number from ${least} to ${most}`)
}
