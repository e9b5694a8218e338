import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { type Kind, plantedIn, plantFrom, register, searchForPlanted } from '../fakes/planted.ts'

/** Told once to the agent who asked for them, and in the letters of the sandbox's own mail server. */
const onPurpose: { kinds: readonly Kind[]; where: string } = {
  kinds: ['mailbox password', 'login code'],
  where: '[role=dialog] code, [role=dialog] pre, article pre',
}

type Seen = { page: string; whole: string; without: string; address: string }

/**
 * What a console of its own process wrote, said and showed (docs/faults.md 70). `env` goes to that process, which then
 * tells of the secrets that it handles; nothing is found that was not shown or written before `finds`.
 */
export function seeConsole() {
  const folder = mkdtempSync(join(dirname(process.env[register] ?? join(tmpdir(), 'x')), 'console-secrets-'))
  const file = join(folder, 'secrets')
  const seen: Seen[] = []
  const said: string[] = []
  const watch = new URL('watch.ts', import.meta.url).href

  return {
    env: { [register]: file, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${watch}`.trim() },
    /** Keeps what is on each page of a window now; a window that is gone shows nothing. */
    async look(page: Page, name = 'a window') {
      if (page.isClosed()) return
      for (const one of page.context().pages()) {
        const [title, { whole, without }] = await Promise.all([one.title(), htmlOf(one)])
        seen.push({ page: name, whole, without, address: `${title}\n${one.url()}` })
      }
    },
    hear: (output: string) => void said.push(output),
    /** Where a secret was shown, said, or written below these folders; forgets everything. */
    finds(folders: readonly string[]): string[] {
      plantFrom(file)
      rmSync(folder, { recursive: true, force: true })
      const shown = seen
        .splice(0)
        .flatMap(({ page, whole, without, address }) => [
          ...plantedIn(whole, onPurpose.kinds).map((found) => `${page}: ${found}`),
          ...plantedIn(without).map((found) => `${page}, not where it is told: ${found}`),
          ...plantedIn(address).map((found) => `${page}, its title or address: ${found}`),
        ])
      const heard = said.splice(0).flatMap((output) => plantedIn(output))
      return [
        ...shown,
        ...heard.map((found) => `what the program said: ${found}`),
        ...folders.flatMap(searchForPlanted),
      ]
    },
  }
}
export type ConsoleSeen = ReturnType<typeof seeConsole>

/** The page without what is typed in it as a password; and without what it tells on purpose, too. */
const htmlOf = (page: Page): Promise<{ whole: string; without: string }> =>
  page.evaluate((where) => {
    const copy = document.documentElement.cloneNode(true)
    if (!(copy instanceof HTMLElement)) throw new Error('The page is no HTML')
    for (const typed of copy.querySelectorAll('input[type=password]')) typed.removeAttribute('value')
    const whole = copy.outerHTML
    for (const told of copy.querySelectorAll(where)) told.remove()
    return { whole, without: copy.outerHTML }
  }, onPurpose.where)
