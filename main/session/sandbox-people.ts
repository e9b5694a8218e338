import type { Access, Person, Role } from '../../preload/people-shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { accessKey } from '../rights/keys.ts'

const called = (name: string, email: string): Person => ({ id: email, name, email, support: false })

const owner = called('Robin Betterave', 'robin.betterave@clairvaux-les-granges.example')
const administrator = called('Eden Rutabaga', 'eden.rutabaga@villeneuve-les-etangs.example')
/** Has a mailbox on the domain that they may only read. */
const viewer = called('Ange Pissenlit', 'ange.pissenlit@port-salin.example')
const several = called('Sacha Estragon', 'sacha.estragon@communaute-fictive.example')
const unknown = called('Swann Potiron', 'swann.potiron@prestataire-fictif.example')

/** Evidently fictional people: one for each role, one with several domains, and one whom nobody knows yet. */
export const sandboxPeople: readonly Person[] = [owner, administrator, viewer, several, unknown]

/** On which domain of the sandbox's fleet each has which role. */
const seeds: readonly { person: Person; domain: string; role: Role }[] = [
  { person: owner, domain: 'clairvaux-les-granges.example', role: 'owner' },
  { person: administrator, domain: 'villeneuve-les-etangs.example', role: 'administrator' },
  { person: several, domain: 'villeneuve-les-etangs.example', role: 'owner' },
  { person: viewer, domain: 'port-salin.example', role: 'viewer' },
  { person: several, domain: 'cc-valdore.example', role: 'owner' },
  { person: several, domain: 'sdis-valdore.example', role: 'administrator' },
  { person: several, domain: 'port-salin.example', role: 'owner' },
  { person: several, domain: 'roche-aigue.example', role: 'viewer' },
]

const done = 'sandbox.seeded'

/**
 * Gives the sandbox's people their accesses, once for each desk, under the addresses that they sign in with: what
 * agents did to them since is left alone. Does nothing on another profile.
 */
export async function seedSandboxRights({
  profile,
  desk,
  now,
}: Pick<Workspace, 'profile' | 'desk' | 'now'>): Promise<void> {
  if (profile.kind !== 'sandbox' || (await desk.readSetting(done)) !== undefined) return
  const accesses = seeds.map(({ person: { id, name, email }, domain, role }) => {
    const value: Access = { domain, person: id, name, email, role, by: 'sandbox', at: now() }
    return { key: accessKey(domain, id), domain, value }
  })
  await desk.accesses.addAll(accesses)
  await desk.writeSetting(done, true)
}
