import { once } from 'node:events'
import { _electron } from '@playwright/test'
import { electronFlags, findElectron } from '../tools/electron.mjs'
import type { Running } from './running.ts'

/** Starts the built program on Electron's own binary. */
export async function launchReal(
  root: string,
  args: string[],
  env: Record<string, string>,
): Promise<Running> {
  const executablePath = findElectron()
  if (!executablePath) throw new Error("Electron's binary is not here")
  const app = await _electron.launch({
    executablePath,
    args: [...electronFlags(args), root, ...args],
    env: { ...inherited(), ...env },
  })
  const child = app.process()
  const ended = once(child, 'exit')
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(String(chunk)))
  const links = await app.evaluateHandle(({ shell }) => {
    const opened: string[] = []
    shell.openExternal = async (url) => void opened.push(url)
    return opened
  })
  const shown = await app.evaluateHandle(({ Notification }) => {
    const notifications: InstanceType<typeof Notification>[] = []
    Notification.prototype.show = function show() {
      notifications.push(this)
    }
    return notifications
  })
  const page = await app.firstWindow()

  async function end(how: () => unknown): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    how()
    await ended
  }

  return {
    page,
    output: () => said.join(''),
    openedLinks: () => links.jsonValue(),
    clipboard: () => app.evaluate(({ clipboard }) => clipboard.readText()),
    notifications: () => shown.evaluate((all) => all.map(({ title, body }) => ({ title, body }))),
    clickNotification: (place) => shown.evaluate((all, at) => void all[at]?.emit('click'), place),
    close: () => end(() => app.close()),
    kill: () => end(() => child.kill('SIGKILL')),
  }
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
