import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openLog } from '../../main/log.ts'
import { redact } from '../../main/redact.ts'
import { tokenOf } from '../fakes/dimail-client.ts'
import { folder } from '../fakes/folders.ts'

const canary = 'Canari-42!'
const token = tokenOf(2_000_000_000, 'agent')
const basic = Buffer.from(`agent:${canary}`).toString('base64')
const body = JSON.stringify({ email: 'jeanne.fictive@commune.example', password: canary })

const secrets: [string, string][] = [
  ['a token', `jeton ${token} refusé`],
  ['a Basic header', `Authorization: Basic ${basic}`],
  ['a Bearer header', `authorization=bearer ${token}`],
  ['a body', body],
  ['a body within JSON', JSON.stringify({ message: body })],
  ['a body within JSON within JSON', JSON.stringify({ err: JSON.stringify({ message: body }) })],
  ['a password with a quote in it', JSON.stringify({ password: `a"${canary}` })],
  [
    'a password with a quote, within JSON',
    JSON.stringify({ message: JSON.stringify({ password: `a"${canary}` }) }),
  ],
  ['a password that ends with a backslash', `${JSON.stringify({ password: `${canary}\\` })},"suite":"x"`],
  ['a client secret', `{"client_secret" : "${canary}"}`],
  ['a login code', `{"code":"${canary}","expires_in":3600}`],
  ['an access token', `{"access_token":"${canary}","refresh_token":"${canary}"}`],
  ['an address with a password', `https://agent:${canary}@dimail.example/token/`],
  ['a query', `https://dimail.example/?a=1&code=${canary}&b=2`],
  ['an e-mail address', 'boîte jeanne.fictive+liste@commune.example créée'],
  ['the home folder', `ENOENT: ${join(homedir(), 'secret', 'console.json')}`],
]

test.each(secrets)('faults 70: %s does not stand in a log', (_what, text) => {
  const clean = redact(text)
  for (const forbidden of [canary, token, basic, 'jeanne.fictive', homedir()])
    expect(clean).not.toContain(forbidden)
})

test.each([
  'le domaine commune.example est en défaut',
  '{"code":12,"status":500}',
  'https://dimail.example/domains/',
])('what is no secret is left: %s', (text) => {
  expect(redact(text)).toBe(text)
})

describe('the log', () => {
  const linesOf = (path: string) => readFileSync(join(path, 'console.log'), 'utf8').split('\n').slice(0, -1)

  test('faults 70: holds no secret, whatever is given to it', () => {
    const path = folder()
    const log = openLog(path)
    for (const [what, text] of secrets) {
      log.info(text, { [what]: text })
      log.warn('averti', { text })
      log.error('échoué', new Error(text), { text })
      log.error('échoué', text)
    }
    const written = linesOf(path).join('\n')
    for (const forbidden of [canary, token, basic, 'jeanne.fictive', `${homedir()}/`])
      expect(written).not.toContain(forbidden)
  })

  test('faults 71: writes one JSON object a line, whatever the text', () => {
    const path = folder()
    const log = openLog(path)
    const hostile = [
      'a\r\nb',
      '\u001b[31mrouge',
      '\u202Eesrever',
      '{"level":60}',
      '\u2028',
      '\0',
      '"',
      '\uD800',
    ]
    for (const text of hostile) log.warn(text, { text })
    const lines = linesOf(path).map((line) => JSON.parse(line))
    expect(lines.map((line) => line.msg)).toEqual(hostile.map((text) => text.toWellFormed()))
    expect(lines.every((line) => line.level === 40)).toBe(true)
  })

  test('says where a bug is, and goes on from the file before', () => {
    const path = folder()
    openLog(path).error('échoué', new TypeError('boum'), { call: 'app.read' })
    openLog(path).info('reprise')
    const [bug, next] = linesOf(path).map((line) => JSON.parse(line))
    expect(bug).toMatchObject({
      msg: 'échoué',
      call: 'app.read',
      err: { type: 'TypeError', message: 'boum' },
    })
    expect(bug.err.stack).toContain('redact.test.ts')
    expect(next.msg).toBe('reprise')
    expect(statSync(join(path, 'console.log')).mode & 0o777).toBe(0o600)
  })

  test('faults 71: begins a new file once it is large, and keeps the one before', () => {
    const path = folder()
    writeFileSync(join(path, 'console.log'), 'x'.repeat(6_000_000))
    openLog(path).info('neuf')
    expect(linesOf(path)).toHaveLength(1)
    expect(statSync(join(path, 'console.old.log')).size).toBe(6_000_000)
  })
})
