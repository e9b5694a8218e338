import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, closing, healthy, tokenOf } from '../fakes/dimail-client.ts'
import { json, startHttpServer } from '../fakes/http-server.ts'

const name = 'commune.example'
let folder = ''
let authority = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dimail-tls-'))
  openssl('req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=Fictive-CA')
  openssl('req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -days 30 -subj /CN=Other-CA')
  authority = readFileSync(join(folder, 'ca.pem'), 'utf8')
  signed('good', 'DNS:localhost,IP:127.0.0.1')
  signed('elsewhere', 'DNS:dimail.example')
  signed('expired', 'DNS:localhost', '-not_before 20200101000000Z -not_after 20200201000000Z')
  signed('stranger', 'DNS:localhost', '-days 30', 'other')
})
afterAll(() => rmSync(folder, { recursive: true }))

function openssl(command: string): void {
  execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'pipe' })
}

/** A certificate for `names`; the `ca` command is the one that takes dates in the past. */
function signed(file: string, names: string, life = '-days 30', by = 'ca'): void {
  const dates = life.replace('-not_before', '-startdate').replace('-not_after', '-enddate')
  const config = `[ca]\ndefault_ca=x\n[x]\ndatabase=${file}.db\nnew_certs_dir=.\ndefault_md=sha256\nrand_serial=yes\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n[e]\nsubjectAltName=${names}\n`
  writeFileSync(join(folder, `${file}.cnf`), config)
  writeFileSync(join(folder, `${file}.db`), '')
  openssl(`req -newkey rsa:2048 -nodes -keyout ${file}.key -out ${file}.csr -subj /CN=localhost`)
  openssl(
    `ca -batch -config ${file}.cnf -extensions e -cert ${by}.pem -keyfile ${by}.key -in ${file}.csr -out ${file}.pem ${dates}`,
  )
}

async function serving(file: string, options: https.ServerOptions = {}) {
  const key = readFileSync(join(folder, `${file}.key`))
  const cert = readFileSync(join(folder, `${file}.pem`))
  return closing(
    await startHttpServer(
      (request, response) => {
        if (request.url === '/token/')
          json(response, 200, { access_token: tokenOf(4_000_000_000), token_type: 'bearer' })
        else json(response, 200, healthy(name))
      },
      { key, cert, ...options },
    ),
  )
}

describe('TLS', () => {
  test('faults 49: a certificate of the authority that the profile names is accepted', async () => {
    const server = await serving('good')
    const client = clientOf(server.address, { authority })
    expect(await client.token()).toEqual({ ok: true, value: undefined })
    expect(await client.readDomain(name)).toMatchObject({ ok: true })
    expect(await client.fixDomain(name)).toMatchObject({ ok: true })
  })

  const calls = [
    ['token', (client: ReturnType<typeof clientOf>) => client.token()],
    ['domains', (client: ReturnType<typeof clientOf>) => client.listDomains()],
    ['check', (client: ReturnType<typeof clientOf>) => client.checkDomain(name)],
    ['fix', (client: ReturnType<typeof clientOf>) => client.fixDomain(name)],
    ['spec', (client: ReturnType<typeof clientOf>) => client.spec(name)],
  ] as const
  const refusals = [
    ['expired', 'CERT_HAS_EXPIRED'],
    ['elsewhere', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['stranger', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['ca', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ] as const
  test.each(refusals)('faults 49: a server whose certificate is "%s" is refused: %s', async (file, code) => {
    const server = await serving(file)
    // The self-signed one is judged without the authority that it is.
    const client = clientOf(server.address, file === 'ca' ? {} : { authority })
    for (const [, call] of calls)
      expect(await call(client)).toMatchObject({
        failure: { code: 'offline', reason: 'tls', details: { code } },
      })
    expect(server.requests).toEqual([])
  })

  test('faults 49: a private authority is trusted by the setting only', async () => {
    const server = await serving('good')
    expect(await clientOf(server.address).token()).toMatchObject({
      failure: { code: 'offline', reason: 'tls' },
    })
    expect(server.requests).toEqual([])
  })

  test('faults 49: TLS 1.1 is refused', async () => {
    const server = await serving('good', {
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    expect(await clientOf(server.address, { authority }).fixDomain(name)).toMatchObject({
      failure: { code: 'offline', reason: 'tls' },
    })
    expect(server.requests).toEqual([])
  })

  test('faults 49: no environment variable turns the verification off', async () => {
    const server = await serving('expired')
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    const result = await clientOf(server.address, { authority }).token()
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
    expect(result).toMatchObject({ failure: { reason: 'tls' } })
  })

  test('faults 49: a server that speaks clear text under https is refused', async () => {
    const server = closing(await startHttpServer((_, response) => void response.end()))
    const client = clientOf(server.address.replace('http:', 'https:'), { authority })
    expect(await client.token()).toMatchObject({ failure: { code: 'offline', reason: 'tls' } })
  })
})

test('faults 48: credentials do not go to a clear-text address, whatever the address typed', async () => {
  const client = clientOf('http://dimail.example')
  expect(await client.token()).toMatchObject({ failure: { code: 'invalid', reason: 'address-scheme' } })
  expect(await client.checkDomain(name)).toMatchObject({ failure: { code: 'invalid' } })
})
