import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The path of nsd on this machine; a folder of programs for root is on the path of few others. */
export const findNsd = () =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .map((folder) => join(folder, 'nsd'))
    .find((path) => existsSync(path))

/**
 * Installs nsd where that disturbs nobody: on a Debian that is a continuous integration's or whose root runs this.
 * Without it the tests ask the sandbox's name server instead, so that failing is no failure. The package must not
 * start a name server of its own on this machine, which invoke-rc.d asks policy-rc.d about.
 */
export function ensureNameServer() {
  const isRoot = process.getuid?.() === 0
  if (process.platform !== 'linux' || findNsd() !== undefined) return
  if (!existsSync('/usr/bin/apt-get') || !(isRoot || process.env.CI)) return
  console.error('No nsd here: installing it.')
  const policy = '/usr/sbin/policy-rc.d'
  const guard = `test -e ${policy} || { printf '#!/bin/sh\\nexit 101\\n' > ${policy}; chmod 755 ${policy}; made=1; }`
  const install =
    'export DEBIAN_FRONTEND=noninteractive; apt-get update; apt-get install -y --no-install-recommends nsd'
  const script = `${guard}; ${install}; test -z "$made" || rm -f ${policy}`
  const [command, ...args] = [...(isRoot ? [] : ['sudo', '-n']), 'sh', '-c', script]
  // Standard output belongs to the tests.
  if (command !== undefined) spawnSync(command, args, { stdio: ['ignore', 2, 2], timeout: 180_000 })
}
