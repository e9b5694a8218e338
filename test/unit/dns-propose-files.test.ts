import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compareRecords } from '../../main/dns/compare/compare.ts'
import { applyChanges } from '../../main/dns/propose/apply.ts'
import { propose } from '../../main/dns/propose/propose.ts'
import { rehearse } from '../../main/dns/propose/rehearse.ts'
import type { View } from '../../main/dns/zone/view.ts'
import { proposal as shape } from '../../preload/dns-shapes.ts'
import { apexOf, expectedOf, recordsOf, viewOfFile, type ZoneFile, zoneFile } from './dns-zone-file.ts'

const folder = join(import.meta.dirname, 'zones')
const files = readdirSync(folder)
  .toSorted()
  .map((name) => ({
    name: name.replace('.json', ''),
    file: zoneFile.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
  }))

const proposedFor = (file: ZoneFile, view: View) => propose(file.domain, apexOf(file), expectedOf(file), view)
const judgedFor = (file: ZoneFile, view: View) =>
  compareRecords(file.domain, apexOf(file), expectedOf(file), view)

/** The file's world with other records in the zone itself: an empty list is the zone's, which the file then has not. */
function viewWith(file: ZoneFile, changes: Parameters<typeof applyChanges>[1]): View {
  const records = applyChanges(recordsOf(file), changes)
  return viewOfFile({ ...file, zone: [] }, (given) => (given.length === 0 ? records : given))
}

test.each(files)(
  'field N3: $name: what is proposed makes it right, and nothing is left to propose',
  ({ file }) => {
    const view = viewOfFile(file)
    const proposal = shape.parse(proposedFor(file, view))
    const now = judgedFor(file, view)
    if (now.every(({ verdict }) => verdict === 'correct'))
      expect(proposal).toEqual({ changes: [], hindered: [] })
    const then = viewWith(file, proposal.changes)
    const hindered = new Set(proposal.hindered.map(({ key }) => key))
    const wrong = judgedFor(file, then).filter(
      ({ key, verdict }) => verdict !== 'correct' && !hindered.has(key),
    )
    expect(wrong).toEqual([])
    // What could not be read is never a reason to publish.
    for (const { key, verdict } of now) if (verdict === 'error') expect(hindered).toContain(key)
    const again = proposedFor(file, then)
    expect(again.changes).toEqual([])
    for (const { lookups } of proposal.changes) expect(lookups?.after ?? 0).toBeLessThanOrEqual(10)
  },
)

test.each(files)('field N14: $name: what is rehearsed is what the proposal brings', ({ file }) => {
  const view = viewOfFile(file)
  const [domain, zone, expected] = [file.domain, apexOf(file), expectedOf(file)]
  const proposal = proposedFor(file, view)
  const given = { domain, zone, expected, view, proposal }
  const all = proposal.changes.map(({ id }) => id)
  const rehearsed = rehearse({ ...given, changes: all, publish: [] })
  const hindered = new Set(proposal.hindered.map(({ key }) => key))
  for (const { key, verdict } of rehearsed.records)
    if (!hindered.has(key)) expect([key, verdict]).toEqual([key, 'correct'])
  const none = rehearse({ ...given, changes: [], publish: [] })
  expect(none.records.map(({ verdict }) => verdict)).toEqual(
    judgedFor(file, view).map(({ verdict }) => verdict),
  )
})

test('field N14: before a town moves its mail, what would still be in the way is told', () => {
  const right = files.find(({ name }) => name === 'all-right')?.file
  if (right === undefined) throw new Error('There is no zone all-right')
  const zone = [
    `@ MX 10 mx1.autre.example.`,
    'imap A 192.0.2.99',
    '@ TXT "v=spf1 include:_spf.autre.example -all"',
  ]
  const elsewhere = [
    '_spf.autre.example. TXT "v=spf1 ip4:192.0.2.0/24 -all"',
    'mx1.autre.example. A 192.0.2.98',
  ]
  const file = { ...right, zone, elsewhere }
  const view = viewOfFile(file)
  const given = { domain: file.domain, zone: apexOf(file), expected: expectedOf(file), view }
  const proposal = proposedFor(file, view)
  const published = rehearse({ ...given, proposal, changes: [], publish: expectedOf(file) })
  expect(
    Object.fromEntries(published.records.map(({ key, now, verdict }) => [key, `${now} ${verdict}`])),
  ).toEqual({
    [`mx:${file.domain}`]: 'incorrect conflicting',
    [`spf:${file.domain}`]: 'incomplete duplicate',
    [`dkim:dimail._domainkey.${file.domain}`]: 'missing correct',
    [`cname:imap.${file.domain}`]: 'incorrect correct',
    [`cname:smtp.${file.domain}`]: 'missing correct',
    [`cname:webmail.${file.domain}`]: 'missing correct',
  })
  expect(published.remaining.map(({ code }) => code)).toEqual(expect.arrayContaining(['mx-extra', 'spf-two']))
  const levels = published.remaining.map(({ level }) => ['blocking', 'warning', 'note'].indexOf(level))
  expect(levels).toEqual(levels.toSorted())

  const [merge] = proposal.changes.filter(({ reason }) => reason === 'insert-include')
  const half = rehearse({ ...given, proposal, changes: [merge?.id ?? '', 'no such change'], publish: [] })
  expect(half.records.filter(({ verdict, now }) => verdict !== now).map(({ key }) => key)).toEqual([
    `spf:${file.domain}`,
  ])
})
