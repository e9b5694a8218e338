import { readArguments, UsageError } from './arguments.ts'
import { endWith } from './ending.ts'
import { startSandbox } from './server.ts'

/**
 * The process that the console forks. One line of JSON on stdout tells it where the sandbox listens, or with
 * which code it failed. The key of the control routes comes in `SANDBOX_KEY`, out of sight of other users.
 */
async function main(): Promise<void> {
  const { followParent, ...options } = readArguments(process.argv.slice(2))
  const key = process.env.SANDBOX_KEY
  const sandbox = await startSandbox({ ...options, ...(key !== undefined && key !== '' && { key }) })
  endWith(sandbox, followParent)
  const { url, username, password, mail } = sandbox
  tell({ listening: { url, username, password, smtp: mail.smtp } })
}

const tell = (message: unknown) => process.stdout.write(`${JSON.stringify(message)}\n`)

main().catch((error: unknown) => {
  const code = error instanceof UsageError ? 'USAGE' : systemCode(error)
  if (code === undefined) console.error(error)
  process.exitCode = 1
  tell({ failed: { code: code ?? 'UNEXPECTED' } })
})

const systemCode = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined)
