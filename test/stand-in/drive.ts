import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Entry } from './journal.ts'

const register = new URL('register.mjs', import.meta.url).href

export type Driven = {
  page: Page
  browser: Browser
  output: () => string
  journal: () => Entry[]
  /** The notifications that were shown, in order. */
  notifications: () => { title: string; body: string }[]
  /** Clicks one of them, by its place. */
  clickNotification(place: number): void
  /** Asks the program to end, as the system does, and waits until it has. */
  close(): Promise<number | null>
  /** Ends it at once, without a word. */
  kill(): Promise<void>
}

/** Runs `entry` in the stand-in and drives its window over Chromium's own protocol; rejects when it ends first. */
export async function drive(entry: string, args: string[], env: Record<string, string>): Promise<Driven> {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-journal-'))
  const journalFile = join(folder, 'journal')
  writeFileSync(journalFile, '')
  const port = await freePort()
  const child = spawn(process.execPath, ['--import', register, entry, ...args], {
    env: {
      ...process.env,
      STAND_IN_HEADLESS: '1',
      STAND_IN_CDP_PORT: String(port),
      STAND_IN_JOURNAL: journalFile,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const ended = once(child, 'exit')
  const lines: string[] = []
  try {
    await windowOf(child, lines)
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true })
    const page = browser.contexts()[0]?.pages()[0]
    if (!page) throw new Error('the program shows no page')
    const gone = new Promise((resolve) => browser.once('disconnected', resolve))

    async function end(signal: NodeJS.Signals): Promise<number | null> {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      // Chromium goes by itself with the program that owns it.
      await Promise.all([ended, gone])
      rmSync(folder, { recursive: true, force: true })
      return child.exitCode
    }

    const journal = () =>
      readFileSync(journalFile, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line): Entry => JSON.parse(line))

    return {
      page,
      browser,
      output: () => lines.join('\n'),
      journal,
      notifications: () =>
        journal().flatMap((entry) =>
          entry.kind === 'notification' ? [{ title: entry.title, body: entry.body }] : [],
        ),
      clickNotification: (place) => void child.send({ clickNotification: place }),
      close: () => end('SIGTERM'),
      kill: () => end('SIGKILL').then(() => undefined),
    }
  } catch (error) {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function windowOf(child: ChildProcess, lines: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    for (const input of [child.stdout, child.stderr]) {
      if (!input) continue
      createInterface({ input }).on('line', (line) => {
        lines.push(line)
        if (line.startsWith("the stand-in's window answers")) resolve()
      })
    }
    child.once('close', (code) => reject(new Error(`the program ended with ${code}\n${lines.join('\n')}`)))
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
