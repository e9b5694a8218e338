import { join } from 'node:path'
import { drive } from '../stand-in/drive.ts'
import type { Running } from './running.ts'

/** Starts the built program in the stand-in. */
export async function launchStandIn(
  root: string,
  args: string[],
  env: Record<string, string>,
): Promise<Running> {
  const driven = await drive(join(root, 'out', 'main', 'index.js'), args, env)
  return {
    page: driven.page,
    output: driven.output,
    openedLinks: async () =>
      driven.journal().flatMap((entry) => (entry.kind === 'opened-link' ? [entry.url] : [])),
    clipboard: async () =>
      driven
        .journal()
        .flatMap((entry) => (entry.kind === 'clipboard' ? [entry.text] : []))
        .at(-1) ?? '',
    notifications: async () => driven.notifications(),
    clickNotification: async (place) => driven.clickNotification(place),
    close: async () => void (await driven.close()),
    kill: driven.kill,
  }
}
