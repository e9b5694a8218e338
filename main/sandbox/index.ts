import { readArguments, UsageError } from './arguments.ts'
import { endWith } from './ending.ts'
import { type Sandbox, startSandbox } from './server.ts'

/**
 * The process that the console forks. One line of JSON on stdout tells it where the sandbox listens, or with
 * which code it failed. The key of the control routes comes in `SANDBOX_KEY`, out of sight of other users.
 */
async function main(): Promise<void> {
  const { followParent, ...options } = readArguments(process.argv.slice(2))
  const key = process.env.SANDBOX_KEY
  const sandbox = await startSandbox({ ...options, ...(key !== undefined && key !== '' && { key }) })
  endWith(sandbox, followParent)
  tell({ listening: listeningOf(sandbox) })
}

/** What the console must know of it; the key of the control routes it knows already. */
function listeningOf({ url, username, password, mail, dns, openid, deployCenter, configuration }: Sandbox) {
  const { address, serviceId, key } = deployCenter
  return {
    ...{ url, username, password, smtp: mail.smtp, dns, configuration },
    openid: { issuer: openid.issuer, clientId: openid.clientId },
    deployCenter: { address, serviceId, key },
  }
}

const tell = (message: unknown) => process.stdout.write(`${JSON.stringify(message)}\n`)

main().catch((error: unknown) => {
  const code = error instanceof UsageError ? 'USAGE' : systemCode(error)
  if (code === undefined) console.error(error)
  process.exitCode = 1
  tell({ failed: { code: code ?? 'UNEXPECTED' } })
})

const systemCode = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined)
