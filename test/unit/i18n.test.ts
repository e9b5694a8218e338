import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { touchOf } from '../../main/api/touches.ts'
import { calls } from '../../preload/channels.ts'
import {
  changeReasons,
  delegation,
  dnsServer,
  findingCodes,
  hindrances,
  informationKinds,
  letterFormats,
  levels,
  sandboxServerModes,
  unreadReasons,
  verdicts,
  watchStates,
  zoneChange,
} from '../../preload/dns-shapes.ts'
import { failureCodes } from '../../preload/failure.ts'
import {
  activities,
  aliasRemoval,
  differenceKinds,
  lineVerdicts,
  mailboxKinds,
  mailboxReasons,
  mailboxStatuses,
  waitingMailbox,
} from '../../preload/mailbox-shapes.ts'
import { followed, message, messageKinds, roles, setupSteps, standings } from '../../preload/people-shapes.ts'
import { profileColours, profileLocks, profileServers, signInSettings } from '../../preload/profile-shapes.ts'
import { endpointState, provisionErrors, provisionVerdicts } from '../../preload/provisioning-shapes.ts'
import { deployCenterModes, sandboxAgent, signedOut } from '../../preload/session-shapes.ts'
import {
  connectivity,
  jobKinds,
  journalActions,
  keyrings,
  locales,
  repairEffects,
  repairStates,
  sandboxQuirks,
  statuses,
} from '../../preload/shapes.ts'
import { partKeys } from '../../renderer/dns/sentence.ts'
import en from '../../renderer/i18n/en.json' with { type: 'json' }
import fr from '../../renderer/i18n/fr.json' with { type: 'json' }
import { presetNames } from '../../renderer/profiles/presets.ts'
import { wrongFields } from '../../renderer/profiles/values.ts'
import { planKinds } from '../../renderer/session/plan-rows.ts'

const root = join(import.meta.dirname, '../..')

function leaves(tree: object, path = ''): [string, string][] {
  return Object.entries(tree)
    .flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${path}${key}`, value] as const] : leaves(value, `${path}${key}.`),
    )
    .map(([key, value]) => [key, value])
}
const french = new Map(leaves(fr))
const english = new Map(leaves(en))
const withoutPlural = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '')
const known = (language: Map<string, string>) => new Set([...language.keys()].map(withoutPlural))

function sources(folder: string, suffix: RegExp): [string, string][] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => suffix.test(name))
    .map((name) => [join(folder, name), readFileSync(join(root, folder, name), 'utf8')])
}

test('both languages say the same things', () => {
  expect([...known(english)].sort()).toEqual([...known(french)].sort())
})

test('both languages put the same facts into a sentence', () => {
  const facts = (text: string) => [...new Set(text.match(/{{\w+}}/g))].sort()
  const differing = [...french].filter(([key, text]) => {
    const other = english.get(key)
    return other !== undefined && facts(text).join() !== facts(other).join()
  })
  expect(differing.map(([key]) => key)).toEqual([])
})

test('every sentence that the page names exists', () => {
  const named = sources('renderer', /\.tsx?$/).flatMap(([file, text]) =>
    [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => [file, match[1] ?? '']),
  )
  expect(named.length).toBeGreaterThan(50)
  const missing = named.filter(([, key = '']) => !known(french).has(key) && !known(english).has(key))
  expect(missing).toEqual([])
})

test('every family of sentences named by a value has one for each value', () => {
  const keys = known(french)
  const families = sources('renderer', /\.tsx?$/).flatMap(([, text]) =>
    [...text.matchAll(/\bt\(\s*`([\w.-]+)\.\$\{[^}]+\}`/g)].map((match) => match[1] ?? ''),
  )
  expect(families.length).toBeGreaterThan(5)
  for (const family of families)
    expect([family, [...keys].some((key) => key.startsWith(`${family}.`))]).toEqual([family, true])
  const complete = (family: string, values: readonly string[]) =>
    values.filter((value) => !keys.has(`${family}.${value}`))
  expect(complete('status', statuses)).toEqual([])
  expect(complete('colour', profileColours)).toEqual([])
  expect(complete('sandbox.quirk', sandboxQuirks)).toEqual([])
  expect(
    complete(
      'failures.not-possible',
      repairStates.filter((state) => state !== 'possible'),
    ),
  ).toEqual([])
  expect(complete('domain.effect', repairEffects)).toEqual([])
})

const away = connectivity.shape.state.options.filter((state) => state !== 'online')

/** Families of sentences, with all that main may send for them. */
const told: Record<string, readonly string[]> = {
  'jobs.kind': jobKinds,
  'journal.action': journalActions,
  'rights.mine': standings,
  'rights.role': roles,
  'rights.roleMeans': roles,
  'setup.step': setupSteps,
  'mail.locale': locales,
  'mail.state': message.shape.state.options,
  'mail.kind': messageKinds,
  'mailboxes.status': mailboxStatuses,
  'mailboxes.reason': mailboxReasons,
  'mailboxes.kind': mailboxKinds,
  'mailboxes.kindMeans': mailboxKinds,
  'mailboxes.activity': activities,
  'waiting.state': waitingMailbox.shape.state.options,
  'csv.verdict': lineVerdicts,
  'csv.delimiter': [';', ',', 'tab'],
  'drift.kind': differenceKinds,
  'drift.means': differenceKinds,
  'outbox.followed': followed.shape.outcome.options,
  cannotChange: [...away, 'known', 'read-only'],
  cannotCheck: [...away, 'known'],
  cannotRefresh: [...away, 'known'],
  cannotRepair: [...away, 'known', 'read-only'],
  'domains.noneYet': [...away, 'known', 'online'],
  lock: profileLocks.filter((lock) => lock !== 'none'),
  'session.left': signedOut.shape.provider.options,
  'rightsPlan.kind': planKinds.filter((kind) => kind !== 'add' && kind !== 'remove'),
  'rightsPlan.becoming.planned': ['add', 'remove'],
  'rightsPlan.becoming.done': ['add', 'remove'],
  'rightsPlan.becoming.left': ['add', 'remove'],
  // What a profile that asks before each change may be about to do; a job is told by its kind.
  'ask.call': calls.filter((call) => call !== 'jobs.start' && touchOf(call, undefined) === 'write'),
  aliases: aliasRemoval.shape.outcome.options,
  'profiles.lock': profileLocks,
  'profiles.lockMeans': profileLocks,
  'profiles.keyring': keyrings,
  'profiles.test': profileServers,
  'profiles.tested': profileServers,
  'profiles.wrong': [...wrongFields, 'password'],
  'profiles.preset': presetNames,
  'profiles.acrRequest': signInSettings.shape.acrRequest.options,
  'profiles.userinfo': signInSettings.shape.userinfo.options,
  'profiles.client': signInSettings.shape.client.options,
  'profiles.clientMeans': signInSettings.shape.client.options,
  'profiles.backend': ['local', 'deploycenter'],
  'profiles.backendMeans': ['local', 'deploycenter'],
  'profiles.scopeIs': ['all', 'entitled', 'claim'],
  'profiles.scopeMeans': ['all', 'entitled', 'claim'],
  'profiles.flagsFrom': ['profile', 'address'],
  'provisioning.verdict': provisionVerdicts,
  'provisioning.error': provisionErrors,
  'provisioning.endpoint.state': endpointState.shape.state.options,
  'provisioning.endpoint.why': endpointState.shape.why.unwrap().options,
  'dns.verdict': verdicts,
  'dns.unread': unreadReasons,
  'dns.level': levels,
  'dns.finding': findingCodes,
  'dns.hindrance': hindrances,
  'dns.change': changeReasons,
  'dns.changeWhy': changeReasons,
  'dns.act': zoneChange.shape.act.options,
  'dns.diff': ['added', 'removed'],
  'dns.nothing': ['no-data', 'no-name'],
  'dns.role': dnsServer.shape.role.options,
  'dns.sentence': partKeys,
  'dns.delegation.state': delegation.shape.state.options,
  'dns.information.kind': informationKinds,
  'dns.letter.save': letterFormats,
  'dns.watchState': watchStates,
  'dns.watch.means': watchStates,
  'dns.cannotAsk': ['known', 'offline'],
  'sandbox.zone.mode': sandboxServerModes,
  'sandbox.zone': ['published', 'healed'],
  'profiles.dns.template': locales,
  'sandbox.mode': deployCenterModes,
  'sandbox.modeMeans': deployCenterModes,
  'sandbox.subscriptionIs': sandboxAgent.shape.subscription.options,
}

test.each(Object.entries(told))('%s has a sentence for each thing that main may say', (family, values) => {
  const keys = known(french)
  expect(values.filter((value) => !keys.has(`${family}.${value}`))).toEqual([])
})

/** Families whose members the page takes from what main sends, so that it names none of them. */
const dynamic = [
  ...['status.', 'check.', 'failures.', 'notice.', 'colour.', 'connectivity.banner.', 'domains.noneYet.'],
  ...[
    'cannotCheck.',
    'cannotRefresh.',
    'cannotRepair.',
    'domain.effect.',
    'domain.repairState.',
    'domain.who.',
  ],
  ...['jobs.row.', 'jobs.state.', 'journal.state.', 'waiting.because.', 'waiting.means.', 'mailbox.kept'],
  ...Object.entries(told).flatMap(([family, values]) => values.map((value) => `${family}.${value}`)),
  ...['sandbox.quirk.', 'sandbox.state.', 'settings.scheme.'],
  ...connectivity.shape.state.options.map((state) => `connectivity.${state}`),
]

test('every sentence is said somewhere', () => {
  const pages = sources('renderer', /\.tsx?$/).map(([, text]) => text)
  const isNamed = (key: string) => pages.some((text) => text.includes(`'${key}'`))
  // `nav.${view}` says `nav.jobs` when the same file has 'jobs' among its values.
  const isOneOfAFamily = (key: string) => {
    const dot = key.lastIndexOf('.')
    return pages.some((text) =>
      [...text.matchAll(/`([\w.-]+)\.\$\{[^}]+\}(\w*)`/g)].some(
        ([, family, suffix = '']) =>
          family === key.slice(0, dot) &&
          key.endsWith(suffix) &&
          text.includes(`'${key.slice(dot + 1, key.length - suffix.length)}'`),
      ),
    )
  }
  const unused = [...known(french)].filter(
    (key) => !dynamic.some((start) => key.startsWith(start)) && !isNamed(key) && !isOneOfAFamily(key),
  )
  expect(unused).toEqual([])
})

/** Reasons whose sentence is that of their code, on purpose: it tells the agent as much. */
const shared = new Set([
  ...['unknown-outcome/lost-answer', 'unknown-outcome/gateway', 'unknown-outcome/unreadable-answer'],
  ...['unknown-outcome/cancelled', 'cancelled/asked', 'conflict/exists', 'conflict/other'],
  ...['list-shrunk/fleet', 'bad-request/shape', 'unexpected/bug', 'invalid/dots', 'invalid/username'],
  ...['bad-response/other-mailbox', 'server-error/sandbox'],
])

describe('what can go wrong', () => {
  test.each(failureCodes)('as %s has a sentence of its own in both languages', (code) => {
    for (const language of [french, english]) expect(language.get(`failures.${code}.other`)).toMatch(/\S/)
  })

  test('has a sentence for each reason that the program gives, or shares one on purpose', () => {
    const literal = /\b(?:failed|fail)\(\s*'([\w-]+)',\s*'([\w-]+)'/g
    const refused = /\brefuse\(\s*'([\w-]+)'/g
    const given = sources('main', /\.ts$/)
      .filter(([file]) => !file.includes('sandbox/'))
      .flatMap(([, text]) => [
        ...[...text.matchAll(literal)].map((match) => `${match[1]}/${match[2]}`),
        ...[...text.matchAll(refused)].map((match) => `invalid/${match[1]}`),
      ])
    expect(new Set(given).size).toBeGreaterThan(40)
    const silent = [...new Set(given)].filter(
      (one) => !french.has(`failures.${one.replace('/', '.')}`) && !shared.has(one),
    )
    expect(silent).toEqual([])
  })

  test('has no sentence for a code that does not exist', () => {
    const codes: readonly string[] = failureCodes
    expect(Object.keys(fr.failures).filter((code) => !codes.includes(code))).toEqual([])
  })
})

describe('typography', () => {
  test('French puts a no-break space before : ; ! ? and within quotes', () => {
    const plain = [...french].filter(([, text]) => / [;:!?»]|« /.test(text))
    expect(plain).toEqual([])
    const none = [...french].filter(([, text]) => /[\p{L}\d}][;!?](?=\s|$)/u.test(text))
    expect(none).toEqual([])
  })

  test('both use the apostrophe and the ellipsis of print', () => {
    const typed = [...french, ...english].filter(([, text]) => /\.\.\./.test(text))
    expect(typed).toEqual([])
    expect([...french].filter(([, text]) => /\p{L}'\p{L}/u.test(text))).toEqual([])
  })
})
