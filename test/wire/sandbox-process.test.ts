import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import { listeningLine } from '../../main/profiles/sandbox-control.ts'
import { askDns } from '../fakes/dns-client.ts'
import { basic, open, send } from './sandbox-wire.ts'

const at = (path: string) => resolve(import.meta.dirname, '../..', path)

/** A process of the sandbox, its output so far, and what it ends with. */
function run(file: string, args: string[] = [], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [file, ...args], { env: { PATH: process.env.PATH, ...env } })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)))
  const ended = once(child, 'close').then(([code]) => Number(code))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const line = async () => {
    await expect.poll(() => output.stdout, { timeout: 10_000 }).toContain('\n')
    return JSON.parse(output.stdout)
  }
  return { child, output, ended, line }
}

test('the entry says in one line of JSON where it listens, and its key is the one of the environment', async () => {
  const { output, line } = run(at('main/sandbox/index.ts'), ['--domains', '3', '--dialect', '2024'], {
    SANDBOX_KEY: 'k',
  })
  const { listening } = await line()
  expect(listeningLine.safeParse({ listening }).success).toBe(true)
  const { url, dns, openid, deployCenter, configuration } = listening
  const [root] = dns.roots
  expect(await askDns(dns.ports[root.address], 'example', 'NS')).toMatchObject({ rcode: 'NOERROR' })
  expect(openid).toEqual({ issuer: `${url}/openid`, clientId: 'dimail-console' })
  expect(deployCenter).toEqual({
    address: `${url}/deploycenter/api/v1.0/entitlements/`,
    serviceId: expect.stringMatching(/^\d+$/),
    key: expect.stringMatching(/^[\w-]{32}$/),
  })
  expect(configuration).toBe(`${url}/messages/api/v1.0/config/`)
  expect((await send(url, 'GET', '/openid/.well-known/openid-configuration')).json).toMatchObject({
    issuer: openid.issuer,
  })
  const as = basic(listening.username, listening.password)
  expect((await send(listening.url, 'GET', '/domains/', { as })).json).toHaveLength(3)
  const state = await send(listening.url, 'GET', '/_sandbox/state', { as: 'Bearer k' })
  expect(state.json).toMatchObject({ dialect: '2024', domains: 3 })
  expect([output.stdout.trimEnd().split('\n').length, output.stderr]).toEqual([1, ''])
})

test('on a busy port the entry says EADDRINUSE and exits 1', async () => {
  const { sandbox } = await open({ domains: 0 })
  const { line, ended } = run(at('main/sandbox/index.ts'), ['--port', new URL(sandbox.url).port])
  expect(await line()).toEqual({ failed: { code: 'EADDRINUSE' } })
  expect(await ended).toBe(1)
})

test('a line of options that cannot be read is told too', async () => {
  const { line, ended } = run(at('main/sandbox/index.ts'), ['--domains', 'x'])
  expect(await line()).toEqual({ failed: { code: 'USAGE' } })
  expect(await ended).toBe(1)
})

test('with --follow-parent it ends when its stdin ends, though a client is connected', async () => {
  const { child, line, ended } = run(at('main/sandbox/index.ts'), ['--follow-parent'])
  const { listening } = await line()
  await send(listening.url, 'GET', '/token/')
  child.stdin.end()
  expect(await ended).toBe(0)
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it within a second, even amid a slow answer',
  async (signal) => {
    const { child, line, ended } = run(at('main/sandbox/index.ts'), ['--latency', '60000'])
    const { listening } = await line()
    const cut = send(listening.url, 'GET', '/token/').catch((error: Error) => error.message)
    const began = performance.now()
    child.kill(signal)
    expect(await ended).toBe(0)
    expect(performance.now() - began).toBeLessThan(1000)
    expect(await cut).toMatch(/hang up|reset|refused/i)
  },
)

test('the command for people prints address and credentials', async () => {
  const { output } = run(at('main/sandbox/cli.ts'), ['--domains', '2'])
  await expect.poll(() => output.stdout, { timeout: 10_000 }).toContain('Ctrl-C')
  const shown = (label: string) => new RegExp(`${label} +(\\S+)`).exec(output.stdout)?.[1] ?? ''
  const as = basic(shown('username'), shown('password'))
  expect((await send(shown('address'), 'GET', '/domains/', { as })).json).toHaveLength(2)
  const resolver = Number(/192\.0\.2\.53 on 127\.0\.0\.1:(\d+)/.exec(output.stdout)?.[1])
  expect(await askDns(resolver, 'ns10.ovh.net', 'A', { recursion: true })).toMatchObject({ rcode: 'NOERROR' })
  const as2 = `Bearer ${shown('control key')}`
  expect((await send(shown('address'), 'GET', '/_sandbox/state', { as: as2 })).status).toBe(200)
})

test('an unknown option is one line of usage and exit 2', async () => {
  const { output, ended } = run(at('main/sandbox/cli.ts'), ['--colour'])
  expect(await ended).toBe(2)
  expect(output.stderr).toMatch(/^[^\n]*--colour[^\n]*Usage: npm run sandbox[^\n]*\n$/)
  expect(output.stdout).toBe('')
})

test('the built bundle is one file that runs', async () => {
  // Inside the project, so that the bundle finds the npm packages it does not contain.
  const outDir = mkdtempSync(join(at('node_modules'), '.sandbox-'))
  onTestFinished(() => rmSync(outDir, { recursive: true }))
  await build({ configFile: at('main/sandbox/vite.config.ts'), build: { outDir }, logLevel: 'warn' })
  const { line, child, ended } = run(join(outDir, 'index.js'), ['--domains', '1', '--follow-parent'])
  const { listening } = await line()
  const as = basic(listening.username, listening.password)
  expect((await send(listening.url, 'GET', '/token/', { as })).status).toBe(200)
  expect((await send(listening.url, 'GET', '/openid/jwks')).status).toBe(200)
  child.stdin.end()
  expect(await ended).toBe(0)
})
