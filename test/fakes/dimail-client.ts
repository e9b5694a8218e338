import { afterEach } from 'vitest'
import { createDimail, type Dimail, type DimailOptions } from '../../main/dimail/client.ts'
import { plant } from './planted.ts'

/** The password and name that no output may contain. */
export const canary = { username: 'agent-canari', password: 'Ca/na+ri Sécret€42' }
plant('dimail password', canary.password)

type Closable = { close(): unknown }
const open: Closable[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

/** Closes `thing` when the test ends. */
export function closing<T extends Closable>(thing: T): T {
  open.push(thing)
  return thing
}

/** A client of `address` that waits for nothing longer than it must. */
export function clientOf(address: string, options: Partial<DimailOptions> = {}): Dimail {
  const fast = { credentials: () => canary, random: () => 0.01 }
  return closing(createDimail({ address, ...fast, ...options }))
}

/** A JWT as dimail signs them; the signature is worth nothing. */
export function tokenOf(exp: number, sub = 'agent'): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub, exp })}.c2lnbmF0dXJl`
}

/** A domain as dimail answers it when all is well. */
export const healthy = (name: string) => ({
  name,
  state: 'ok',
  valid: true,
  features: ['mailbox'],
  context_name: null,
  mx: { ok: true, internal: false, errors: [] },
})
