import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { refreshFleet } from '../../main/jobs/fleet.ts'
import { countMailboxes } from '../../main/jobs/mailbox-counts.ts'
import { createMailbox } from '../../main/mailboxes/create.ts'
import { compare, importReport, settleImports } from '../../main/mailboxes/import.ts'
import { createReports, listDifferences, reportLifeMs } from '../../main/mailboxes/import-reports.ts'
import { createMailbox as createBox, seedMailboxes } from '../../main/sandbox/mailboxes.ts'
import type { SandboxOptions } from '../../main/sandbox/server.ts'
import { unwrap } from '../../preload/failure.ts'
import type { DifferenceKind, DriftReport } from '../../preload/mailbox-shapes.ts'
import { type OpenWorkspace, openWorkspace } from '../fakes/workspace.ts'
import { at, foreignly, jumelle, type Town, town, typed, ville } from './mailboxes-town.ts'

const dialects = ['2024', '0.6.7', '0.6-late'] as const
const never = new AbortController().signal

/** A town with what compares it; `populated` puts so many people there. */
async function comparing(options: SandboxOptions = {}, populated = 0) {
  const work = await town(options)
  const people = { name: ville, contextName: ville, mailboxes: populated, place: 0, seed: 'drift' }
  at(work).mailboxes.push(...seedMailboxes(people))
  const reports = createReports(work.now)
  return {
    work,
    reports,
    compareNow: async (signal = never) => unwrap(await compare(work, reports, ville, signal)),
    importIt: (report: DriftReport, acceptShrink = false, signal = never) =>
      importReport(work, reports, { domain: ville, report: report.id, acceptShrink }, signal),
    told: (report: DriftReport, kind: DifferenceKind | null = null) =>
      unwrap(listDifferences(reports, ville, { report: report.id, kind, offset: 0, limit: 500 })).rows,
  }
}
const stored = (work: OpenWorkspace) => [...work.cache.mailboxes.of(ville)]
/** Nothing of the world's own that a list would leave out. */
const isPlain = (local: string) => /^[\w.-]+$/.test(local)
const listed = (work: Town) =>
  at(work)
    .mailboxes.filter(({ local }) => isPlain(local))
    .map(({ local }) => `${local.toLowerCase()}@${ville}`)
    .toSorted()
const importsOf = (work: OpenWorkspace) =>
  work.desk.journal({ subject: ville, action: 'mailboxes.import', limit: 10 })
const answer = (body: unknown) => ({
  answer: { status: 200, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
})

/** Lets another process import the town and kills it once it has told so many stored rows; what it had told then. */
async function killedAfter(told: number, { folder, sandbox }: OpenWorkspace): Promise<number> {
  const program = join(import.meta.dirname, 'drift-import-run.ts')
  const given = [program, folder, sandbox.url, sandbox.username, sandbox.password, ville]
  const child = spawn(process.execPath, given, { stdio: ['ignore', 'pipe', 'inherit'] })
  let last = 0
  for await (const line of createInterface({ input: child.stdout })) {
    last = Math.max(last, Number(line))
    if (last >= told) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return last
}

describe.each(dialects)('on a dimail of %s', (dialect) => {
  test.each([0, 1, 417])('a domain of %i mailboxes that was never read is taken up at once', async (size) => {
    const { work, compareNow, told } = await comparing({ dialect }, size)
    at(work).aliases.push({ username: 'contact', destination: 'a@b.example', allowToSend: true })
    const report = await compareNow()
    const own = listed(work)
    const technical = report.counts.technical ?? 0
    expect(
      stored(work)
        .map(({ address }) => address)
        .filter((one) => !one.startsWith('oxadmin@')),
    ).toEqual(own)
    expect(report).toMatchObject({
      version: dialect === '2024' ? 1 : 2,
      toImport: 0,
      shrunk: false,
      aliases: 1,
    })
    expect(report.mailboxes).toBe(own.length + technical)
    expect(told(report, 'functional').length).toBe(
      stored(work).filter(({ kind }) => kind === 'functional').length,
    )
    expect(work.cache.read(ville)?.row.mailboxes).toBe(own.length)
    expect(work.cache.mailboxes.listedAt(ville)).toBe(report.at)
    expect(work.cache.aliases.of(ville)).toMatchObject([
      { localPart: 'contact', destination: 'a@b.example', allowToSend: dialect === '2024' ? null : true },
    ])
    expect(await importsOf(work)).toEqual([])
    expect(work.toldMailboxes).toContain(ville)
  })

  test('dimail D10: what was added, renamed, disabled or removed at dimail is told, then written in one click', async () => {
    const { work, compareNow, importIt, told } = await comparing({ dialect }, 12)
    await compareNow()
    const { mailboxes } = at(work)
    const [renamed, disabled, removed] = mailboxes.filter(({ ox, active }) => ox !== null && active === 'yes')
    if (!renamed?.ox || !disabled || !removed) throw new Error('The town has too few people')
    const before = stored(work)
    renamed.ox = { givenName: 'Lou', surName: 'Radis', displayName: 'Lou Radis' }
    disabled.active = 'no'
    mailboxes.splice(mailboxes.indexOf(removed), 1)
    foreignly(work, 'nouvelle', 'Nina Nouvelle')

    const report = await compareNow()
    const isTold = dialect !== '2024'
    expect(report.counts).toMatchObject({ 'unknown-here': 1, 'unknown-at-dimail': 1, 'other-name': 1 })
    expect(report.counts['other-activity']).toBe(isTold ? 1 : undefined)
    expect(report.toImport).toBe(isTold ? 4 : 3)
    expect(told(report, 'unknown-at-dimail')).toMatchObject([{ subject: `${removed.local}@${ville}` }])
    expect(stored(work)).toEqual(before)

    expect(unwrap(await importIt(report))).toMatchObject({ added: 1, changed: isTold ? 2 : 1, gone: 1 })
    const now = new Map(stored(work).map((box) => [box.localPart, box]))
    expect(now.get('nouvelle')).toMatchObject({ displayName: 'Nina Nouvelle', goneAt: null })
    expect(now.get(renamed.local)).toMatchObject({ displayName: 'Lou Radis' })
    expect(now.get(disabled.local)).toMatchObject({ imap: isTold ? 'no' : 'unknown' })
    expect(now.get(removed.local)?.goneAt).not.toBeNull()
    expect(await importsOf(work)).toMatchObject([
      { state: 'done', actor: 'agent-fictif', after: { added: 1 } },
    ])
    expect((await compareNow()).toImport).toBe(0)
  })

  test('dimail C1: upper case, an empty surname, a + and homonyms are taken up, and are not new the next time', async () => {
    const { work, compareNow } = await comparing({ dialect })
    foreignly(work, 'Alix.Navet', 'Alix Navet')
    foreignly(work, 'sans-nom', 'Alix ')
    foreignly(work, 'alix+mairie', 'Alix Poireau')
    foreignly(work, 'alix.navet2', 'Alix Navet')
    expect(await compareNow()).toMatchObject({ toImport: 0 })
    expect(
      stored(work)
        .filter(({ kind }) => kind === 'person')
        .map(({ localPart }) => localPart),
    ).toEqual(['alix+mairie', 'alix.navet2', 'alix.navet', 'sans-nom'])
    expect(work.cache.mailboxes.read(`alix.navet@${ville}`)?.email).toBe(`Alix.Navet@${ville}`)
    expect(await compareNow()).toMatchObject({ toImport: 0, shrunk: false })
  })

  test('faults 52: rows of other domains are kept out and told', async () => {
    const { work, compareNow, told } = await comparing({ dialect }, 3)
    foreignly(work, 'chez.elle', 'Chez Elle', jumelle)
    const report = await compareNow()
    expect(told(report, 'foreign')).toMatchObject([{ subject: `chez.elle@${jumelle}`, there: 'Chez Elle' }])
    expect(told(report, 'technical')).toMatchObject([{ subject: `oxadmin@${ville}` }])
    expect([...work.cache.mailboxes.of(jumelle)]).toEqual([])
    expect(work.cache.mailboxes.read(`chez.elle@${jumelle}`)).toBeNull()
  })
})

describe('faults 52: of a list that cannot be believed whole,', () => {
  const row = (local: string) => ({
    email: `${local}@${ville}`,
    imap_active: 'yes',
    features: [],
    extras: null,
  })

  test('half of the rows may be broken: the others are stored, and none is gone', async () => {
    const { work, compareNow, importIt, told } = await comparing({}, 40)
    await compareNow()
    const good = listed(work).map((address) => row(address.split('@')[0] ?? ''))
    const rows = [
      ...good.map((one, n) => (n % 2 === 0 ? one : { ...one, email: n })),
      row('nouvelle'),
      'texte',
    ]
    work.sandbox.answerNext(/v2.*mailboxes/, answer(rows))
    const report = await compareNow()
    const broken = Math.floor(good.length / 2)
    expect(report.counts).toMatchObject({ unparsable: broken + 1, 'unknown-here': 1 })
    expect(report.counts['unknown-at-dimail']).toBeUndefined()
    expect(report.shrunk).toBe(false)
    expect(told(report, 'unparsable')[0]?.subject).toContain('"email":1')
    expect(unwrap(await importIt(report))).toMatchObject({ added: 1, gone: 0, skipped: broken + 1 })
    expect(stored(work).every(({ goneAt }) => goneAt === null)).toBe(true)
    expect(work.cache.mailboxes.read(`nouvelle@${ville}`)).not.toBeNull()
  })

  test('a shrink of more than a fifth is imported only when the agent accepts it', async () => {
    const { work, compareNow, importIt } = await comparing({}, 20)
    await compareNow()
    const known = stored(work).length
    at(work).mailboxes.splice(0)
    const report = await compareNow()
    expect(report).toMatchObject({ shrunk: true, toImport: known - (report.counts.technical ?? 0) })
    expect(await importIt(report)).toMatchObject({
      failure: { code: 'list-shrunk', reason: 'mailboxes', details: { gone: report.toImport, known } },
    })
    expect(stored(work).every(({ goneAt }) => goneAt === null)).toBe(true)
    expect(await importsOf(work)).toEqual([])
    expect(unwrap(await importIt(report, true))).toMatchObject({ gone: report.toImport })
    expect(work.cache.read(ville)?.row.mailboxes).toBe(0)
  })

  test('an address listed twice, and an activity of another dialect, harm nobody', async () => {
    const { work, compareNow, told } = await comparing()
    const odd = { ...row('b'), imap_active: 'peut-être' }
    work.sandbox.answerNext(/v2.*mailboxes/, answer([row('a'), { ...row('A'), features: ['ox'] }, odd]))
    const report = await compareNow()
    expect(told(report, 'doubled')).toMatchObject([{ subject: `a@${ville}` }])
    expect(stored(work)).toMatchObject([{ address: `a@${ville}`, imap: 'yes' }, { imap: 'unknown' }])
  })
})

describe('comparing', () => {
  test('dimail L9: writes nothing here and changes nothing at dimail, page after page', async () => {
    const { work, reports, compareNow } = await comparing({}, 30)
    await compareNow()
    at(work).mailboxes.splice(0, 3)
    const before = stored(work)
    const report = await compareNow()
    expect(stored(work)).toEqual(before)
    expect(work.asked(/^(POST|PATCH|DELETE)/)).toEqual([])
    const page = (offset: number) =>
      unwrap(
        listDifferences(reports, ville, { report: report.id, kind: 'unknown-at-dimail', offset, limit: 2 }),
      )
    expect([page(0).rows.length, page(2).rows.length, page(0).total]).toEqual([2, 1, 3])
  })

  test('renews the times when nothing differs, and says it to the window', async () => {
    const { work, compareNow } = await comparing({}, 5)
    await compareNow()
    const { at: then } = await compareNow()
    expect(work.cache.mailboxes.listedAt(ville)).toBe(then)
    expect(stored(work).every(({ fetchedAt }) => fetchedAt === then)).toBe(true)
  })

  test.each([
    ['refused', { answer: { status: 422, body: '{"detail":"non"}' } }],
    ['bad-response', { answer: { status: 200, body: '<html>' } }],
    ['offline', { cut: 'before' } as const],
  ])('that ends in %s changes nothing', async (code, fault) => {
    const { work, reports, compareNow } = await comparing({}, 5)
    await compareNow()
    const before = stored(work)
    work.sandbox.answerNext(/aliases/, fault, 9)
    expect(await compare(work, reports, ville, never)).toMatchObject({ ok: false, failure: { code } })
    expect(stored(work)).toEqual(before)
  })

  test.each(['', '../token', 'a@b.example'])('a name like %j never reaches the wire', async (name) => {
    const { work, reports } = await comparing()
    const before = work.sandbox.requests.length
    expect(await compare(work, reports, name, never)).toMatchObject({ failure: { code: 'invalid' } })
    expect(work.sandbox.requests).toHaveLength(before)
  })

  test('a domain unknown here is refused, and so is a difference asked of a report that is not the last', async () => {
    const { work, reports, compareNow } = await comparing()
    expect(await compare(work, reports, 'inconnue.example', never)).toMatchObject({
      failure: { code: 'not-found', reason: 'domain' },
    })
    const { id } = await compareNow()
    await compareNow()
    expect(listDifferences(reports, ville, { report: id, kind: null, offset: 0, limit: 9 })).toMatchObject({
      failure: { code: 'not-possible', reason: 'report-old' },
    })
  })

  test('a mailbox made here before the first list is kept, and told when dimail does not list it', async () => {
    const { work, compareNow, told } = await comparing()
    unwrap(await createMailbox(work, typed('alix.navet')))
    at(work).mailboxes.splice(0)
    const report = await compareNow()
    expect(told(report, 'unknown-at-dimail')).toMatchObject([{ subject: `alix.navet@${ville}` }])
    expect(stored(work).filter(({ kind }) => kind === 'person')).toMatchObject([{ goneAt: null }])
  })
})

describe('importing', () => {
  test('faults 78: a report older than ten minutes, superseded or imported is refused', async () => {
    const { work, reports, compareNow, importIt } = await comparing({}, 5)
    await compareNow()
    foreignly(work, 'nouvelle', 'Nina Nouvelle')
    const first = await compareNow()
    const second = await compareNow()
    const old = { failure: { code: 'not-possible', reason: 'report-old' } }
    expect(await importIt(first)).toMatchObject(old)
    for (let n = 0; n < reportLifeMs; n += 1000) for (let ms = 0; ms < 1000; ms++) work.now()
    expect(await importIt(second)).toMatchObject(old)
    const third = unwrap(await compare(work, reports, ville, never))
    expect(unwrap(await importIt(third))).toMatchObject({ added: 1 })
    expect(await importIt(third)).toMatchObject(old)
  })

  test('faults 78: what changed here since the report is newer than it, and stays', async () => {
    const { work, compareNow, importIt } = await comparing({}, 5)
    await compareNow()
    at(work).aliases.push({ username: 'contact', destination: 'a@b.example', allowToSend: true })
    foreignly(work, 'ancienne', 'Anna Ancienne')
    const report = await compareNow()
    unwrap(await createMailbox(work, typed('alix.navet')))
    const known = stored(work)[0]
    if (!known) throw new Error('The town is empty')
    work.cache.mailboxes.store(ville, [{ ...known, displayName: 'Plus Récente' }], work.now())
    unwrap(await importIt(report))
    expect(work.cache.mailboxes.read(known.address)).toMatchObject({ displayName: 'Plus Récente' })
    expect(work.cache.mailboxes.read(`alix.navet@${ville}`)).toMatchObject({ goneAt: null })
    expect(work.cache.mailboxes.read(`ancienne@${ville}`)).not.toBeNull()
    expect(work.cache.aliases.of(ville)).toHaveLength(1)
  })

  test('an alias deleted here since the report does not come back', async () => {
    const { work, compareNow, importIt } = await comparing()
    at(work).aliases.push({ username: 'contact', destination: 'a@b.example', allowToSend: true })
    await compareNow()
    foreignly(work, 'nouvelle', 'Nina Nouvelle')
    const report = await compareNow()
    work.cache.aliases.remove(ville, 'contact', ['a@b.example'])
    unwrap(await importIt(report))
    expect(work.cache.aliases.of(ville)).toEqual([])
  })

  test('dimail L8: aliases are imported with their right to send, and those that disappeared go', async () => {
    const { work, compareNow, importIt, told } = await comparing()
    const { aliases } = at(work)
    for (let n = 0; n < 9; n++)
      aliases.push({ username: 'contact', destination: `d${n}@b.example`, allowToSend: n % 2 === 0 })
    await compareNow()
    const [right] = aliases.splice(1, 1)
    const [turned] = aliases
    if (!turned || !right) throw new Error('There are no aliases')
    turned.allowToSend = false
    aliases.push({ username: 'direction', destination: 'devnull@devnull', allowToSend: true })
    const report = await compareNow()
    expect(told(report)).toEqual([
      { kind: 'alias-unknown-here', subject: 'direction -> devnull@devnull', here: null, there: 'yes' },
      { kind: 'alias-unknown-at-dimail', subject: 'contact -> d1@b.example', here: null, there: null },
      { kind: 'alias-other-right', subject: 'contact -> d0@b.example', here: 'yes', there: 'no' },
      expect.objectContaining({ kind: 'technical' }),
    ])
    expect(unwrap(await importIt(report))).toMatchObject({ added: 1, changed: 1, gone: 1 })
    const now = work.cache.aliases.of(ville).map(({ localPart, destination, allowToSend }) => ({
      username: localPart,
      destination,
      allowToSend,
    }))
    expect(now).toEqual(expect.arrayContaining(aliases))
    expect(now).toHaveLength(aliases.length)
  })

  test('of thousands of aliases leaves others their turn, whether they are new, known or gone', async () => {
    const { work, compareNow, importIt } = await comparing()
    const { aliases } = at(work)
    const some = (prefix: string) =>
      Array.from({ length: 2000 }, (_, n) => ({
        username: `${prefix}${n}`,
        destination: 'a@b.example',
        allowToSend: true,
      }))
    /** The most that was stored or removed without a turn of the event loop for others. */
    let most = 0
    let since = 0
    const { store, remove } = work.cache.aliases
    const counting = (size: number) => {
      if (since === 0) setImmediate(() => (since = 0))
      since += size
      most = Math.max(most, since)
    }
    work.cache.aliases.store = (domain, listed, when) => {
      counting(listed.length)
      store(domain, listed, when)
    }
    work.cache.aliases.remove = (domain, localPart, destinations) => {
      counting(destinations.length)
      remove(domain, localPart, destinations)
    }
    aliases.push(...some('un'))
    await compareNow()
    aliases.splice(0, aliases.length, ...some('deux'))
    expect(unwrap(await importIt(await compareNow(), true))).toMatchObject({ added: 2000, gone: 2000 })
    expect(work.cache.aliases.count(ville)).toBe(2000)
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThan(1000)
    expect((await compareNow()).toImport).toBe(0)
  })

  test('that is stopped by the closing of the profile leaves the rest to the next comparison', async () => {
    const { work, compareNow, importIt } = await comparing()
    await compareNow()
    for (let n = 0; n < 1000; n++) at(work).mailboxes.push(createBox(`b${n}`, ville, null))
    const report = await compareNow()
    const closing = new AbortController()
    const store = work.cache.mailboxes.store
    work.cache.mailboxes.store = (...given) => {
      store(...given)
      closing.abort()
    }
    expect(await importIt(report, false, closing.signal)).toMatchObject({ failure: { code: 'cancelled' } })
    work.cache.mailboxes.store = store
    const kept = stored(work).length
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThan(1000)
    expect(await importsOf(work)).toMatchObject([{ state: 'failed', failure: { code: 'cancelled' } }])
    const next = await compareNow()
    expect(next.counts['unknown-here']).toBe(1001 - kept)
    expect(unwrap(await importIt(next))).toMatchObject({ added: 1001 - kept })
    expect(listed(work).every((address) => work.cache.mailboxes.read(address))).toBe(true)
  })

  test.each([1, 900, 2500])(
    'faults 53: killed after %i rows are stored, what is stored is whole and the next comparison finds the rest',
    async (told) => {
      const { work, compareNow, importIt } = await comparing()
      await compareNow()
      for (let n = 0; n < 3000; n++) at(work).mailboxes.push(createBox(`b${n}`, ville, null))
      const acknowledged = await killedAfter(told, work)
      expect(await work.desk.settleAbandoned(work.now())).toHaveLength(1)
      await settleImports(work)
      const kept = stored(work).length - 1
      expect(kept).toBeGreaterThanOrEqual(acknowledged - 1)
      expect(kept).toBeLessThan(3000)
      expect(await work.desk.inDoubt()).toEqual([])
      const report = await compareNow()
      expect(report.counts['unknown-here']).toBe(3000 - kept)
      expect(unwrap(await importIt(report))).toMatchObject({ added: 3000 - kept, gone: 0 })
      expect((await compareNow()).toImport).toBe(0)
    },
  )

  test('an import that an earlier run left without an end is said to be interrupted', async () => {
    const work = await town()
    const row = {
      action: 'mailboxes.import',
      subject: ville,
      target: null,
      actor: 'a',
      before: null,
    } as const
    await work.desk.intend({ ...row, at: 1 })
    await work.desk.settleAbandoned(2)
    await settleImports(work)
    expect(await importsOf(work)).toMatchObject([
      { state: 'failed', failure: { code: 'cancelled', reason: 'import-interrupted' } },
    ])
    expect(await work.desk.inDoubt()).toEqual([])
  })
})

describe('counting in the background', () => {
  test('takes up the mailboxes of domains never read, and leaves the others to a comparison', async () => {
    const work = await openWorkspace({ domains: 8 })
    unwrap(await refreshFleet(work, false))
    const names = work.sandbox.world.names()
    const [first = '', ...others] = names
    unwrap(await compare(work, createReports(work.now), first, never))
    const known = [...work.cache.mailboxes.of(first)]
    work.sandbox.world.domain(first)?.mailboxes.push(createBox('apres', first, null))
    for (const name of names) work.cache.storeMailboxCount(name, 0, -2 * 24 * 3_600_000)
    await countMailboxes(work, never)
    for (const name of others) expect(work.cache.mailboxes.listedAt(name)).not.toBeNull()
    expect([...work.cache.mailboxes.of(first)]).toEqual(known)
    const own = work.sandbox.world.domain(first)?.mailboxes.filter(({ local }) => isPlain(local))
    expect(work.cache.read(first)?.row.mailboxes).toBe(own?.length)
    expect(work.asked(/aliases/)).toHaveLength(1)
    expect(work.toldMailboxes).toEqual(expect.arrayContaining(others))
  })
})
