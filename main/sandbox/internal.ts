import type { Dialect } from './dialects.ts'

/** The checks of dimail's own servers (docs/dimail.md 6.2). */
export const internalKeys = ['postfix', 'ox', 'cert', 'webmail_ok'] as const
export type InternalKey = (typeof internalKeys)[number]

/** What `/fix/` does to a fault: repairs it, leaves it, or repairs it and renews the DKIM key by doing so. */
export type Cure = 'repaired' | 'stays' | 'renews-dkim'
export type Fault = { code: string; detail: string; cure: Cure }
export type Faults = Map<InternalKey, Fault>

const sentences: Record<InternalKey, [code: string, detail: (name: string) => string]> = {
  postfix: ['no_transport', (name) => `Postfix ne connaît pas le domaine '${name}'`],
  ox: ['no_ox_context', (name) => `Le domaine '${name}' n'est rattaché à aucun contexte Open-Xchange`],
  cert: ['no_cert', () => 'Pas de certificat pour ce domaine (ls)'],
  webmail_ok: ['no_webmail', (name) => `Le webmail 'webmail.${name}' ne répond pas`],
}

/** A fault as dimail tells it; only `no_cert` is documented, the other codes are the sandbox's own. */
export function faultOf(key: InternalKey, name: string, cure: Cure = 'repaired'): Fault {
  const [code, detail] = sentences[key]
  return { code, detail: detail(name), cure }
}

/** The internal keys that a dialect shows: none in 2024, and `webmail_ok` only for a domain with a webmail. */
export function shownInternals(dialect: Dialect, hasWebmail: boolean): readonly InternalKey[] {
  if (dialect === '2024') return []
  return hasWebmail ? internalKeys : internalKeys.filter((key) => key !== 'webmail_ok')
}

/** Repairs in place what can be; true when the DKIM key has to be renewed for it. */
export function repair(faults: Faults): boolean {
  let renews = false
  for (const [key, fault] of faults) {
    if (fault.cure === 'stays') continue
    faults.delete(key)
    renews ||= fault.cure === 'renews-dkim'
  }
  return renews
}
