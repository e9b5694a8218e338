import type { Console } from '../fakes/console.ts'
import { noProfile, type Row, stopped, town, unknown } from './contract-row.ts'

const named = { name: town }
const letter = { name: town, locale: 'fr', note: 'Un mot de l’agent.' }
const absent = { with: { name: 'pas un nom' }, code: 'invalid' } as const

/** A domain that has been diagnosed. */
async function diagnosed({ handlers }: Console) {
  await handlers['dns.diagnose'](named)
}
const after =
  (input: object) =>
  async (console: Console): Promise<object> => {
    await diagnosed(console)
    return input
  }
const asItIs = { domain: town, delegated: true, records: [], servers: [] }

/** The rows of the calls about DNS. */
export const dnsRows = {
  'dns.read': { fits: after(named), unfit: { name: '' }, fails: absent },
  'dns.diagnose': { fits: named, unfit: { name: 3 }, fails: absent, fuzzed: { name: 'pas un nom' } },
  'dns.rehearse': {
    fits: after({ name: town, changes: [], publish: [{ target: '', type: 'txt', value: 'essai' }] }),
    unfit: { name: town, changes: [], publish: [{ target: '' }] },
    fails: { with: { name: unknown, changes: [], publish: [] }, code: 'not-possible' },
    fuzzed: { name: unknown, changes: [], publish: [] },
  },
  'dns.export': {
    fits: after({ name: town, what: 'expected', format: 'bind' }),
    unfit: { name: town, what: 'expected', format: 'pdf' },
    fails: { with: { name: 'pas un nom', what: 'expected', format: 'bind' }, code: 'invalid' },
  },
  'dns.save': {
    fits: after({ name: town, what: 'changes', format: 'csv' }),
    unfit: { name: town },
    fails: noProfile,
  },
  'dns.letter': {
    fits: after(letter),
    unfit: { ...letter, locale: 'de' },
    fails: { with: { ...letter, name: unknown }, code: 'not-possible' },
    fuzzed: { ...letter, name: unknown },
  },
  'dns.saveLetter': {
    fits: after({ ...letter, format: 'text' }),
    unfit: { ...letter, format: 'docx' },
    fails: noProfile,
    fuzzed: { ...letter, name: unknown, format: 'text' },
  },
  'dns.composeLetter': {
    fits: after({ ...letter, to: `mairie@${town}` }),
    unfit: letter,
    fails: { with: { ...letter, name: unknown, to: `mairie@${town}` }, code: 'not-possible' },
    fuzzed: { ...letter, name: unknown, to: `mairie@${town}` },
  },
  'dns.sendLetter': {
    fits: after({ ...letter, to: `mairie@${town}` }),
    unfit: { ...letter, to: '' },
    fails: { with: { ...letter, name: unknown, to: `mairie@${town}` }, code: 'not-possible' },
    fuzzed: { ...letter, name: unknown, to: `mairie@${town}` },
  },
  'dns.watch': { fits: named, unfit: {}, fails: absent },
  'dns.unwatch': { fits: named, unfit: { name: [] }, fails: absent },
  'dns.watches': { fits: undefined, unfit: {}, fails: noProfile },
  'codes.unknown': { fits: undefined, unfit: {}, fails: noProfile },
  'sandbox.zone': {
    fits: { domain: town },
    unfit: { domain: '' },
    fails: { before: stopped, code: 'not-possible' },
  },
  'sandbox.publish': {
    fits: asItIs,
    unfit: { ...asItIs, delegated: 'oui' },
    fails: { before: stopped, code: 'not-possible' },
  },
} satisfies Record<string, Row>
