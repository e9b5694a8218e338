import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { createRequestLog } from '../../main/sandbox/request-log.ts'

test('the log keeps the last requests only, the latest always among them', () => {
  const { requests, record } = createRequestLog(() => 0, 8)
  const incoming = new IncomingMessage(new Socket())
  for (let turn = 0; turn < 100; turn += 1) {
    incoming.url = `/${turn}`
    record(incoming)
    expect(requests.length).toBeLessThanOrEqual(10)
    expect(requests.at(-1)?.path).toBe(`/${turn}`)
  }
  expect(requests.length).toBeGreaterThanOrEqual(8)
})
