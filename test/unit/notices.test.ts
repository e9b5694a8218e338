import { expect, test } from 'vitest'
import { createNotices, settledNotice } from '../../main/profiles/notices.ts'

function open() {
  let changes = 0
  let at = 0
  const notices = createNotices(
    () => ++at,
    () => void changes++,
  )
  const settled = (domain: string, silent: readonly string[] = []) => {
    const { reason, details } = settledNotice(domain, silent)
    notices.add(reason, details)
  }
  const said = () => notices.list().map(({ reason, details }) => [reason, details.domain ?? null])
  return { notices, settled, said, changes: () => changes }
}

test('field N11: each domain whose DNS has come keeps a notice of its own, the latest word on it', () => {
  const { settled, said, notices } = open()
  settled('val-fictif.example')
  settled('mont-fictif.example', ['ns1.hote.example', 'ns2.hote.example'])
  settled('val-fictif.example', ['ns1.hote.example'])
  expect(said()).toEqual([
    ['dns-settled-silent', 'mont-fictif.example'],
    ['dns-settled-silent', 'val-fictif.example'],
  ])
  expect(notices.list()[0]?.details.servers).toBe('ns1.hote.example, ns2.hote.example')
})

test('the last twenty wait for somebody who looked away, and crowd out nothing else', () => {
  const { settled, said, notices } = open()
  notices.add('cache-rebuilt')
  for (let place = 0; place < 25; place++) settled(`d${place}.example`)
  expect(said()).toHaveLength(21)
  expect([said()[0], said()[1]]).toEqual([
    ['cache-rebuilt', null],
    ['dns-settled', 'd5.example'],
  ])
})

test('the next agent is not told of the domains of the one before', () => {
  const { settled, said, notices } = open()
  notices.add('job-interrupted')
  settled('val-fictif.example')
  notices.leaveAgent()
  expect(said()).toEqual([['job-interrupted', null]])
})

test('any other notice takes the place of the one before it, whatever it names', () => {
  const { notices, said, changes } = open()
  notices.add('clock-skew', { seconds: '5' })
  notices.add('clock-skew', { seconds: '9' })
  expect([said(), changes()]).toEqual([[['clock-skew', null]], 2])
})
