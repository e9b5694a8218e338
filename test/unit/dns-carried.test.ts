import { describe, expect, test } from 'vitest'
import { carried } from '../../main/diagnosis/carried.ts'
import type { DiagnosedRecord, Diagnosis, DnsVerdict } from '../../preload/dns-shapes.ts'

const expected = { target: '', type: 'mx', value: 'mx.ox.numerique.example.' }

const judged = (verdict: DnsVerdict, key = 'mx commune.example') => ({
  ...{ key, kind: 'mx' as const, expected, name: 'commune.example', type: 'MX' as const },
  ...{ verdict, findings: [], check: 'mx', answers: [] },
})

function diagnosisOf(at: number, records: DiagnosedRecord[]): Diagnosis {
  return {
    ...{ domain: 'commune.example', at, tookMs: 5, expectedAt: 1, servers: [], host: null },
    delegation: { state: 'delegated', zone: 'commune.example', parent: [], child: [], findings: [] },
    ...{ records, information: [] },
  }
}

/** What is told of a record after it was found in these verdicts, one every 100. */
function told(...verdicts: DnsVerdict[]) {
  let before: Diagnosis | null = null
  for (const [turn, verdict] of verdicts.entries()) {
    const at = (turn + 1) * 100
    before = diagnosisOf(at, carried(before, [judged(verdict)], at))
  }
  const [record] = before?.records ?? []
  return record && { since: record.since, before: record.before }
}

describe('since when a verdict is found', () => {
  test('field N1: a first diagnosis knows nothing of before', () => {
    expect(told('incorrect')).toEqual({ since: 100, before: null })
  })
  test('field N1: a record corrected at the source is known to be so since the diagnosis that saw it', () => {
    expect(told('incorrect', 'incorrect', 'correct')).toEqual({
      since: 300,
      before: { verdict: 'incorrect', lastAt: 200 },
    })
  })
  test('field N1: it goes on being told while nothing changes', () => {
    expect(told('incorrect', 'correct', 'correct', 'correct')).toEqual({
      since: 200,
      before: { verdict: 'incorrect', lastAt: 100 },
    })
  })
  test('field N1: what could not be read in between was no change', () => {
    expect(told('correct', 'error', 'correct')).toEqual({ since: 100, before: null })
  })
  test('field N1: a correction seen after a silence names what was found before the silence', () => {
    expect(told('incorrect', 'error', 'error', 'correct')).toEqual({
      since: 400,
      before: { verdict: 'incorrect', lastAt: 100 },
    })
  })
  test('field N1: a silence names what was found before it', () => {
    expect(told('correct', 'error')).toEqual({ since: 200, before: { verdict: 'correct', lastAt: 100 } })
  })
  test('a record that is newly expected has no past', () => {
    const before = diagnosisOf(100, carried(null, [judged('correct')], 100))
    const [record] = carried(before, [judged('missing', 'spf commune.example')], 200)
    expect(record).toMatchObject({ since: 200, before: null })
  })
})
