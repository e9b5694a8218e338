import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createDimail } from '../../main/dimail/client.ts'
import { checkDomain } from '../../main/jobs/check.ts'
import type { Workspace } from '../../main/jobs/workspace.ts'
import { updateMailbox } from '../../main/mailboxes/change.ts'
import { setActive } from '../../main/mailboxes/change-active.ts'
import { createMailbox } from '../../main/mailboxes/create.ts'
import { settleDoubts } from '../../main/mailboxes/settle.ts'
import { createSender } from '../../main/mailboxes/waiting-sender.ts'
import type { Misbehaviour } from '../../main/sandbox/faults.ts'
import { createRandom, type Random, seedOf } from '../../main/sandbox/random.ts'
import { openCache } from '../../main/store/cache.ts'
import { type JournalRow, openDesk } from '../../main/store/desk.ts'
import { unwrap } from '../../preload/failure.ts'
import type { OpenWorkspace } from '../fakes/workspace.ts'
import { at, held, jumelle, town, turn, typed, ville } from './mailboxes-town.ts'

const runs = 500
const never = new Promise<never>(() => {})

/** A program that dies at its `fuse`-th step: before it, or right after it and before anything is made of it. */
function mortal(work: Workspace, fuse: number, before: boolean) {
  let left = fuse
  const pending = new Set<Promise<unknown>>()
  let die = () => {}
  const dead = new Promise<'killed'>((resolve) => {
    die = () => resolve('killed')
  })
  /** Once dead, whatever is called next never comes back, and what is synchronous does not happen. */
  function step<T>(act: () => T): T {
    if (left <= 0) throw new Error('The program is dead')
    left -= 1
    if (left > 0) return act()
    if (!before) act()
    die()
    throw new Error('The program is dead')
  }
  function wrapped<T extends object>(thing: T): T {
    return new Proxy(thing, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (typeof value === 'object' && value !== null) return wrapped(value)
        if (typeof value !== 'function') return value
        return (...given: unknown[]) => {
          try {
            const answer = step(() => {
              const begun: unknown = Reflect.apply(value, target, given)
              if (begun instanceof Promise) {
                const ended = begun.catch(() => {}).finally(() => pending.delete(ended))
                pending.add(ended)
              }
              return begun
            })
            if (!(answer instanceof Promise)) return answer
            return answer.then((result) => (left > 0 ? result : never))
          } catch {
            return never
          }
        }
      },
    })
  }
  const desk = wrapped(work.desk)
  return {
    work: { ...work, desk, dimail: wrapped(work.dimail), post: wrapped(work.post) },
    dead,
    /** What was on its way out when the program died arrives all the same. */
    arrived: () => Promise.all(pending),
  }
}

/** Both stores and the client as the next start of the program finds them. */
function started(first: OpenWorkspace) {
  const { cache } = unwrap(openCache(join(first.folder, 'cache.db'), first.now))
  const { desk } = unwrap(openDesk(join(first.folder, 'desk.db'), first.now))
  const { url: address, username, password } = first.sandbox
  const dimail = createDimail({ address, credentials: () => ({ username, password }), random: () => 0.01 })
  const close = async () => {
    dimail.close()
    cache.close()
    await desk.close()
  }
  return { ...first, cache, desk, dimail, close }
}

const spoilers: Misbehaviour[] = [
  { cut: 'before' },
  { cut: 'after' },
  { cut: 'mid-body' },
  { answer: { status: 500, body: 'Internal Server Error' } },
  { answer: { status: 500, body: 'Internal Server Error' }, applied: true },
  { answer: { status: 504, body: '' }, applied: true },
  { answer: { status: 409, body: '{"detail":"Mailbox already exists"}' } },
]

const pick = <T>(random: Random, items: readonly T[]): T => {
  const item = items[random.below(items.length)]
  if (item === undefined) throw new Error('Nothing to pick from')
  return item
}

/** What one run of the program does, until it ends or is killed. */
async function act(work: Workspace, n: number, random: Random, told: (made: string) => void): Promise<void> {
  const to = random.chance(0.5) ? `personne.${n}@perso.example` : null
  const first = typed(`alix.n${n}`, { givenName: 'Alix', surName: `N${n}`, secondaryEmail: to })
  const second = typed(`lou.n${n}`, { domain: jumelle, givenName: 'Lou', surName: `N${n}` })
  const seen = { status: 'enabled', displayName: `Alix N${n}` } as const
  const made = await createMailbox(work, first)
  if (made.ok && made.value.outcome === 'created') told(made.value.address)
  // The agent is impatient.
  if (!made.ok && random.chance(0.5)) await createMailbox(work, first)
  await Promise.all([createMailbox(work, second), random.chance(0.3) ? createMailbox(work, second) : null])
  const sender = createSender(work, { sentOut: () => {}, broke: () => {} })
  if (random.chance(0.5)) await checkDomain(work, jumelle)
  sender.look([])
  await sender.idle()
  await sender.close()
  const address = `${first.localPart}@${ville}`
  if (random.chance(0.4)) await setActive(work, address, false, seen)
  else if (random.chance(0.5))
    await updateMailbox(work, address, { ...first, surName: `M${n}`, displayName: '' }, seen)
}

test('faults 38: 500 runs with lost answers and kills leave nothing twice, unsettled or lost', async () => {
  const first = await town()
  const right = at(first, jumelle).zone.records
  const seen = { killed: 0, doubts: 0, failed: 0, waiting: 0 }
  for (let n = 0; n < runs; n += 1) {
    const random = createRandom(seedOf(`run ${n}`))
    for (const name of [ville, jumelle]) at(first, name).mailboxes.length = 0
    first.sandbox.behaviour.dialect = random.chance(0.5) ? '0.6.7' : '0.6-late'
    const before = started(first)
    // Half of the runs begin with a domain that a later check finds enabled.
    await turn(before, random.chance(0.5) ? 'action_required' : 'enabled', jumelle)
    at(first, jumelle).zone.records = right
    const line = random.chance(0.7) ? /^(POST|PATCH) / : /^(GET|POST|PATCH) .*mailboxes/
    const spoilt = random.chance(0.6)
    const undo = spoilt
      ? first.sandbox.answerNext(line, pick(random, spoilers), 1 + random.below(3))
      : () => {}
    const life = mortal(before, random.chance(0.6) ? 1 + random.below(60) : 9999, random.chance(0.5))
    const made: string[] = []
    const living = act(life.work, n, random, (address) => void made.push(address))
    const end = await Promise.race([living.then(() => 'ended' as const), life.dead])
    if (end === 'killed') seen.killed += 1
    await life.arrived()
    await before.close()
    undo()

    const after = started(first)
    const promised = await after.desk.waiting.list(null)
    for (const { state } of promised) if (state === 'failed' || state === 'waiting') seen[state] += 1
    await after.desk.settleAbandoned(after.now())
    seen.doubts += (await after.desk.inDoubt()).filter(isReadable).length
    await settleDoubts(after)

    const boxes = [ville, jumelle].flatMap((name) => held(first, name).map((local) => `${local}@${name}`))
    expect(new Set(boxes).size, `run ${n}: twice`).toBe(boxes.length)
    const left = await after.desk.waiting.list(null)
    const kept = [...boxes, ...left.map(({ id }) => id)]
    for (const { id } of promised) expect(kept, `run ${n}: lost`).toContain(id)
    for (const address of made) expect(boxes, `run ${n}: told and not made`).toContain(address)
    for (const { id, state } of left) {
      expect(['waiting', 'failed'], `run ${n}: in doubt`).toContain(state)
      if (state === 'waiting') expect(boxes, `run ${n}: made, and would be sent again`).not.toContain(id)
    }
    const journal = await after.desk.journal({ subject: null, limit: 40 })
    const open = journal.filter(
      (row) => row.state === 'running' || (row.state === 'unknown' && isReadable(row)),
    )
    expect(open, `run ${n}: unsettled`).toEqual([])
    for (const { id } of left) await after.desk.waiting.remove(id)
    await after.close()
  }
  // Otherwise nothing was proved.
  expect(
    Object.values(seen).every((times) => times > 30),
    JSON.stringify(seen),
  ).toBe(true)
}, 240_000)

/** A link that nobody received stays unknown: nothing can be read of it, and the next one makes up for it. */
const isReadable = ({ action }: Pick<JournalRow, 'action'>) => action !== 'mailbox.login-link'
