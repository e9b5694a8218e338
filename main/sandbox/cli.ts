import { readArguments, UsageError, usage } from './arguments.ts'
import { type NameServer, publicResolvers, roots } from './dns/servers.ts'
import { endWith } from './ending.ts'
import { startSandbox } from './server.ts'

/** The sandbox for people: `npm run sandbox`, until Ctrl-C. */
async function main(): Promise<void> {
  const { followParent, ...options } = readArguments(process.argv.slice(2))
  const sandbox = await startSandbox(options)
  endWith(sandbox, followParent)
  const { url, username, password, key, world, behaviour, mail, dns, openid, deployCenter } = sandbox
  const places = (servers: readonly NameServer[]) =>
    servers
      .flatMap(({ addresses }) => addresses.slice(0, 1))
      .map((address) => `${address} on 127.0.0.1:${dns.ports[address]}`)
      .join(', ')
  process.stdout.write(
    [
      `Sandbox dimail (${behaviour.dialect}) with ${world.size} domains`,
      `  address      ${url}`,
      `  username     ${username}`,
      `  password     ${password}`,
      `  control key  ${key}`,
      `  mail server  smtp://${mail.smtp.host}:${mail.smtp.port}`,
      `  its password ${mail.smtp.password} (of ${mail.smtp.username})`,
      `  provider     ${openid.issuer}`,
      `  its client   ${openid.clientId}`,
      `  DeployCenter ${deployCenter.address}`,
      `  its service  ${deployCenter.serviceId}`,
      `  its key      ${deployCenter.key}`,
      `  DNS root     ${places(roots)}`,
      `  resolvers    ${places(publicResolvers)}`,
      `  flags        ${sandbox.configuration}`,
      'Ctrl-C ends it.\n',
    ].join('\n'),
  )
}

main().catch((error: unknown) => {
  const usual = error instanceof UsageError
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}${usual ? `. ${usage}` : ''}\n`,
  )
  process.exitCode = usual ? 2 : 1
})
