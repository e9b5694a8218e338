import type { DnsFinding, Look } from '../../../preload/dns-shapes.ts'
import { type Dkim, folded, parseDkim, tagOf } from './dkim-parse.ts'
import { finding, gravest, type Judgement, type Told, telling } from './finding.ts'
import type { Subject } from './subject.ts'
import { doubledName, judgeThere, listed } from './surroundings.ts'
import { hasBytes } from './text.ts'

const opening = /^[\s"'“”«]+/

/** Whether a TXT is meant to be a DKIM key: it says so, or it holds a key. */
export const isDkim = (text: string): boolean => {
  const bare = text.replace(opening, '')
  return /^v\s*=\s*dkim/i.test(bare) || (/(?:^|;)\s*p\s*=/.test(bare) && !/^v\s*=/i.test(bare))
}

/**
 * Judges the DKIM key of a selector by its tags (RFC 6376 3.6.1), whatever their order, white space and splitting.
 * dimail wants exactly the tags that it asks for (docs/dimail.md 6.2), hence any other is in the way.
 */
export function judgeDkim(subject: Subject): Judgement {
  return judgeThere(subject, (said) => judgeTexts(subject, said))
}

function judgeTexts(subject: Subject, said: Look): Judgement {
  const texts = said.records.map(({ value }) => value).toSorted()
  const keys = texts.filter(isDkim)
  const others = texts.filter((text) => !isDkim(text))
  const [key] = keys
  if (key === undefined) {
    if (others.length === 0) return { verdict: 'missing', findings: doubledName(subject) }
    const facts = { name: subject.name, type: 'TXT', found: listed(others), expected: subject.expected.value }
    return {
      verdict: 'incorrect',
      findings: [finding('blocking', 'other-value', facts), ...doubledName(subject)],
    }
  }
  // With two the result is undefined (RFC 6376 3.6.2.2).
  if (keys.length > 1)
    return { verdict: 'duplicate', findings: [finding('blocking', 'dkim-two', { count: keys.length })] }
  return judgeOne(subject, key, others)
}

function judgeOne(subject: Subject, text: string, others: readonly string[]): Judgement {
  const quoted = opening.exec(text)?.[0].trim() ?? ''
  if (quoted !== '') return { verdict: 'invalid', findings: [finding('blocking', 'quoted', { found: text })] }
  if (text.includes('\\;'))
    return { verdict: 'invalid', findings: [finding('blocking', 'dkim-syntax', { found: '\\;' })] }
  const found = parseDkim(text)
  const expected = parseDkim(subject.expected.value)
  const told = [
    ...found.errors
      .slice(0, 5)
      .map((error) => telling('invalid', finding('blocking', 'dkim-syntax', { found: error }))),
    keyOf(found, expected, others),
    hashOf(found, expected),
    testOf(found, expected),
    tagsOf(found, expected),
  ]
  const findings = told.flatMap((one) => one.findings)
  const cannotRead = unseenByDimail(found, expected)
  if (hasBytes(folded(text))) findings.push(finding('warning', 'not-text', { found: text }))
  const verdict = gravest(told.flatMap(({ verdicts }) => verdicts))
  const isMild = ['correct', 'conflicting', 'insecure'].includes(verdict)
  return {
    verdict: cannotRead.length > 0 && isMild ? 'invalid' : verdict,
    findings: [...findings, ...cannotRead],
  }
}

/** Shorter than this, a piece of base64 may be in any key. */
const tellingLength = 40

function keyOf(found: Dkim, expected: Dkim, others: readonly string[]): Told {
  const key = tagOf(found, 'p')
  const wanted = tagOf(expected, 'p') ?? ''
  if (key === null) return telling('invalid', finding('blocking', 'dkim-missing-tag', { tag: 'p' }))
  if (key === wanted) return { verdicts: [], findings: [] }
  if (key === '') return telling('incorrect', finding('blocking', 'dkim-revoked'))
  if (!/^[a-z0-9+/]+={0,2}$/i.test(key))
    return telling('invalid', finding('blocking', 'dkim-syntax', { found: `p=${key}` }))
  if (!wanted.startsWith(key) && !(key.length >= tellingLength && wanted.includes(key))) {
    return telling('incorrect', finding('blocking', 'dkim-other-key', { tag: 'p' }))
  }
  const cut = finding('blocking', 'dkim-cut', { found: key.length, expected: wanted.length })
  // The rest was published as a record of its own, where it should be a second string of the same.
  const rest = others.find((text) => `${key}${text.replace(/["\s]/g, '')}` === wanted)
  return telling(
    'incomplete',
    cut,
    ...(rest === undefined ? [] : [finding('blocking', 'split', { at: rest })]),
  )
}

const listOf = (value: string): string[] => value.toLowerCase().split(':')

/** A list of hashes without the one that dimail signs with makes verifiers ignore the key (RFC 6376 3.6.1). */
function hashOf(found: Dkim, expected: Dkim): Told {
  const hashes = tagOf(found, 'h')
  const wanted = listOf(tagOf(expected, 'h') ?? 'sha256')
  if (hashes === null || wanted.some((hash) => listOf(hashes).includes(hash)))
    return { verdicts: [], findings: [] }
  return telling('incorrect', finding('blocking', 'dkim-hash', { found: hashes, expected: wanted.join(':') }))
}

const isTest = (dkim: Dkim): boolean => listOf(tagOf(dkim, 't') ?? '').includes('y')

/** `t=y`: whoever receives is to treat what is signed as if it were not (RFC 6376 3.6.1). */
function testOf(found: Dkim, expected: Dkim): Told {
  const isTold = isTest(found) && !isTest(expected)
  return isTold ? telling('insecure', finding('blocking', 'dkim-test')) : { verdicts: [], findings: [] }
}

/** A tag as two are compared: of the flags without the one that has a finding of its own. */
function valueFor(dkim: Dkim, tag: string): string | null {
  const value = tagOf(dkim, tag)
  if (tag !== 't' || value === null) return value
  const flags = listOf(value).filter((flag) => flag !== 'y')
  return flags.length === 0 ? null : flags.join(':')
}

/** Tags other than the key: what is missing, what is more, what is otherwise. */
function tagsOf(found: Dkim, expected: Dkim): Told {
  const told: Told[] = []
  for (const name of expected.tags.keys()) {
    if (name !== 'p' && tagOf(found, name) === null)
      told.push(telling('incomplete', finding('blocking', 'dkim-missing-tag', { tag: name })))
  }
  if (
    tagOf(found, 'k') !== null &&
    listOf(tagOf(found, 'k') ?? '')[0] !== listOf(tagOf(expected, 'k') ?? 'rsa')[0]
  )
    told.push(telling('incorrect', finding('blocking', 'dkim-other-key', { tag: 'k' })))
  const extra = [...found.tags.keys()].filter(
    (name) => !['p', 'v'].includes(name) && valueFor(found, name) !== valueFor(expected, name),
  )
  if (extra.length > 0) told.push(telling('conflicting', extraTags(extra, found)))
  return {
    verdicts: told.flatMap(({ verdicts }) => verdicts),
    findings: told.flatMap(({ findings }) => findings),
  }
}

const extraTags = (names: readonly string[], found: Dkim): DnsFinding =>
  finding('blocking', 'dkim-extra-tags', {
    tags: listed(names.toSorted().map((name) => `${name}=${tagOf(found, name)}`)),
  })

/** dimail looks for `v=DKIM1; ` to the letter, and answers 500 without `v`, `h`, `k` or `p` (docs/dimail.md 6.2, 6.3). */
function unseenByDimail(found: Dkim, expected: Dkim): DnsFinding[] {
  const start = 'v=DKIM1; '
  if (!found.text.startsWith(start))
    return [
      finding('blocking', 'dkim-dimail-cannot-read', {
        found: found.text.slice(0, start.length),
        expected: start,
      }),
    ]
  const missing = ['h', 'k', 'p'].filter((tag) => tagOf(found, tag) === null && tagOf(expected, tag) !== null)
  return missing.length === 0
    ? []
    : [
        finding('blocking', 'dkim-dimail-cannot-read', {
          found: found.text,
          expected: missing.map((tag) => `${tag}=`).join(', '),
        }),
      ]
}
