import { connect, createServer } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startSandbox } from '../../main/sandbox/server.ts'

const heldBefore = vi.hoisted(() => ({ port: 0, isHeld: false }))
vi.mock('../../main/sandbox/dns/index.ts', async (original) => {
  const actual = await original<typeof import('../../main/sandbox/dns/index.ts')>()
  return {
    ...actual,
    async startDns(deps: Parameters<typeof actual.startDns>[0]) {
      heldBefore.isHeld = await isHeld(heldBefore.port)
      return actual.startDns(deps)
    },
  }
})

const isHeld = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/** One that the system gave a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

test('the port that the console knows is taken before the many of DNS, one of which might be it', async () => {
  heldBefore.port = await freePort()
  const sandbox = await startSandbox({ port: heldBefore.port })
  onTestFinished(() => sandbox.close())
  expect(heldBefore.isHeld).toBe(true)
  expect(Object.values(sandbox.dns.ports)).not.toContain(heldBefore.port)
})
