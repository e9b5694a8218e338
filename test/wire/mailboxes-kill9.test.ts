import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { settleDoubts } from '../../main/mailboxes/settle.ts'
import { openDesk } from '../../main/store/desk.ts'
import { unwrap } from '../../preload/failure.ts'
import type { OpenWorkspace } from '../fakes/workspace.ts'
import { held, posts, town, ville } from './mailboxes-town.ts'

const program = resolve(import.meta.dirname, 'mailboxes-victim.ts')

/** Runs the program and kills it once it has told so many mailboxes; those that it had told. */
async function killedAfter(count: number, { folder, sandbox }: OpenWorkspace): Promise<string[]> {
  const { url, username, password } = sandbox
  const given = [program, folder, url, username, password, ville, '60']
  const child = spawn(process.execPath, given, { stdio: ['ignore', 'pipe', 'inherit'] })
  const told: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    told.push(line)
    if (told.length >= count) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  return told
}

test.each([1, 5, 17, 40])(
  'faults 38: killed after it told %d mailboxes, each is made once, and none is in doubt or lost',
  async (count) => {
    const work = await town()
    const told = await killedAfter(count, work)
    // What had left when the program died is answered to nobody, and done all the same.
    for (let before = -1; before !== posts(work).length; ) {
      before = posts(work).length
      unwrap(await work.dimail.listMailboxes(ville))
    }
    // The desk was last written by a program that never closed it.
    const { desk, restored } = unwrap(openDesk(join(work.folder, 'desk.db'), work.now))
    expect([restored, await desk.verify()]).toEqual([null, []])
    const after = { ...work, desk }
    const promised = (await desk.waiting.list(null)).map(({ id }) => id)
    await desk.settleAbandoned(work.now())
    await settleDoubts(after)

    const boxes = held(work).map((local) => `${local}@${ville}`)
    const left = await desk.waiting.list(null)
    expect(new Set(boxes).size).toBe(boxes.length)
    expect(new Set(posts(work)).size).toBe(posts(work).length)
    for (const address of told) expect(boxes).toContain(address)
    for (const id of promised) expect([...boxes, ...left.map((record) => record.id)]).toContain(id)
    expect(left.filter(({ state }) => state !== 'waiting' && state !== 'failed')).toEqual([])
    expect(await desk.inDoubt()).toEqual([])
    await desk.close()
  },
)
