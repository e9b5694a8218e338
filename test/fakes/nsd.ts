import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAsk } from '../../main/dns/wire/create-ask.ts'
import { findNsd } from '../tools/name-server.mjs'
import { type Daemon, startDaemon } from './daemon.ts'
import { freePort } from './name-server.ts'

export type Nsd = { port: number; close(): Promise<void> }

const startsWithinMs = 10_000
const program = findNsd()

/**
 * NLnet Labs' nsd, a name server of the real world, on one free port of 127.0.0.1 and ::1, with these zones as their
 * files say (RFC 1035 5). Null where it is not installed.
 */
export async function startNsd(zones: Readonly<Record<string, string>>): Promise<Nsd | null> {
  if (program === undefined) return null
  for (let tries = 0; tries < 5; tries++) {
    const started = await startOn(program, await freePort(), zones)
    if (started !== null) return started
  }
  throw new Error('nsd does not start')
}

async function startOn(
  path: string,
  port: number,
  zones: Readonly<Record<string, string>>,
): Promise<Nsd | null> {
  const folder = mkdtempSync(join(tmpdir(), 'nsd-'))
  writeFileSync(join(folder, 'nsd.conf'), configuration(folder, port, Object.keys(zones)))
  for (const [apex, text] of Object.entries(zones)) writeFileSync(join(folder, `${apex}.zone`), text)
  const nsd = startDaemon(path, folder, join(folder, 'nsd.conf'))
  if (await answers(nsd, port, Object.keys(zones))) return { port, close: nsd.close }
  await nsd.close()
  return null
}

/** The port may be another's by now: then it ends by itself. */
async function answers(nsd: Daemon, port: number, zones: readonly string[]): Promise<boolean> {
  const ask = createAsk((host) => ({ host, port, family: host === '::1' ? 6 : 4 }), { triesMs: [100] })
  const until = AbortSignal.timeout(startsWithinMs)
  const isThere = async (host: string, name: string) => {
    // The root has no label.
    const reply = await ask(host, { name: name === '.' ? '' : name, type: 'SOA' }, { signal: until })
    return reply.kind === 'reply' && reply.answers.length > 0
  }
  while (nsd.isRunning() && !until.aborted) {
    const there = await Promise.all(
      zones.flatMap((name) => [isThere('127.0.0.1', name), isThere('::1', name)]),
    )
    if (there.every(Boolean)) return nsd.isRunning()
    await new Promise((done) => setTimeout(done, 20))
  }
  return false
}

const configuration = (folder: string, port: number, zones: readonly string[]): string =>
  [
    'server:',
    ...['127.0.0.1', '::1'].map((host) => `  ip-address: ${host}@${port}`),
    `  zonesdir: "${folder}"`,
    `  logfile: "${join(folder, 'log')}"`,
    `  xfrdfile: "${join(folder, 'xfrd')}"`,
    `  zonelistfile: "${join(folder, 'zones')}"`,
    ...['database', 'pidfile', 'username', 'chroot'].map((nothing) => `  ${nothing}: ""`),
    '  server-count: 1',
    // Tests ask faster than a server on the internet allows one asker.
    '  rrl-ratelimit: 0',
    'remote-control:',
    '  control-enable: no',
    ...zones.flatMap((apex) => ['zone:', `  name: "${apex}"`, `  zonefile: "${apex}.zone"`]),
    '',
  ].join('\n')
