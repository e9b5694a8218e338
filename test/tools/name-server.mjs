import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * The path of a program on this machine; a folder of programs for root is on the path of few others.
 * @param {string} name
 */
const find = (name) =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
/** A name server, and a resolver that validates, both NLnet Labs'. */
export const findNsd = () => find('nsd')
export const findUnbound = () => find('unbound')

/**
 * Installs both where that disturbs nobody: on a Debian that is a continuous integration's or whose root runs this.
 * Without them the tests ask name servers of their own instead, so that failing is no failure. The packages must not
 * start a server of their own on this machine, which invoke-rc.d asks policy-rc.d about.
 */
export function ensureNameServer() {
  const isRoot = process.getuid?.() === 0
  const missing = ['nsd', 'unbound'].filter((name) => find(name) === undefined)
  if (process.platform !== 'linux' || missing.length === 0) return
  if (!existsSync('/usr/bin/apt-get') || !(isRoot || process.env.CI)) return
  console.error(`Missing here, and installed: ${missing.join(', ')}`)
  const policy = '/usr/sbin/policy-rc.d'
  const guard = `test -e ${policy} || { printf '#!/bin/sh\\nexit 101\\n' > ${policy}; chmod 755 ${policy}; made=1; }`
  const install = `export DEBIAN_FRONTEND=noninteractive; apt-get update; apt-get install -y --no-install-recommends ${missing.join(' ')}`
  const script = `${guard}; ${install}; test -z "$made" || rm -f ${policy}`
  const [command, ...args] = [...(isRoot ? [] : ['sudo', '-n']), 'sh', '-c', script]
  // Standard output belongs to the tests.
  if (command !== undefined) spawnSync(command, args, { stdio: ['ignore', 2, 2], timeout: 180_000 })
}
