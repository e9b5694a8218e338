import type { DimailOptions } from '../../main/dimail/client.ts'
import { checkDomain } from '../../main/jobs/check.ts'
import { refreshFleet } from '../../main/jobs/fleet.ts'
import { createDomain, type Domain } from '../../main/sandbox/domain.ts'
import { faultOf } from '../../main/sandbox/internal.ts'
import { createMailbox as createBox } from '../../main/sandbox/mailboxes.ts'
import type { SandboxOptions } from '../../main/sandbox/server.ts'
import { unwrap } from '../../preload/failure.ts'
import type { NewMailbox } from '../../preload/mailbox-shapes.ts'
import type { Status } from '../../preload/shapes.ts'
import { type OpenWorkspace, openWorkspace } from '../fakes/workspace.ts'
import { domainOf } from './sandbox-wire.ts'

export const ville = 'ville.example'
/** Shares the Open-Xchange context of the first. */
export const jumelle = 'jumelle.example'

/** What an agent types. */
export function typed(localPart: string, more: Partial<NewMailbox> = {}): NewMailbox {
  const [givenName = '', surName = ''] = localPart
    .split('.')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  const names = { givenName, surName: surName || 'Radis', displayName: '', secondaryEmail: null }
  return { domain: ville, localPart, ...names, ...more }
}

/** Two domains of one context at a dimail of their own, both read and checked: right, with nobody in them. */
export async function town(options: SandboxOptions = {}, client: Partial<DimailOptions> = {}) {
  const work = await openWorkspace({ domains: 0, ...options }, client)
  work.sandbox.world.load(
    [ville, jumelle].map((name) => createDomain(name, ville, { mailboxes: () => [], aliases: () => [] })),
  )
  unwrap(await refreshFleet(work, true))
  for (const name of [ville, jumelle]) unwrap(await checkDomain(work, name))
  return work
}
export type Town = OpenWorkspace

export const at = (work: OpenWorkspace, name = ville): Domain => domainOf(work.sandbox, name)

/** The mailboxes that dimail holds, by local part. */
export const held = (work: OpenWorkspace, name = ville) => at(work, name).mailboxes.map(({ local }) => local)

/** Puts a mailbox at dimail that this console has not heard of. */
export function foreignly(work: OpenWorkspace, localPart: string, displayName: string, name = ville) {
  const [givenName = '', surName = ''] = displayName.split(' ')
  const box = createBox(localPart, name, { givenName, surName, displayName })
  at(work, name).mailboxes.push(box)
  return box
}

/** Brings a domain into a status, at dimail and here. */
export async function turn(work: OpenWorkspace, status: Exclude<Status, 'pending'>, name = ville) {
  const domain = at(work, name)
  domain.active = status !== 'disabled'
  domain.faults.clear()
  const right = createDomain(name, ville, { mailboxes: () => [], aliases: () => [] }).zone.records
  domain.zone.records = status === 'action_required' ? [] : right
  if (status === 'failed') domain.faults.set('postfix', faultOf('postfix', name))
  unwrap(await checkDomain(work, name))
  const known = work.cache.read(name)?.row.status
  if (known !== status) throw new Error(`${name} is ${known}, not ${status}`)
}

/** The calls that ask for a mailbox to be made. */
export const posts = (work: OpenWorkspace) =>
  work.asked(/^POST /).filter((line) => /\/mailboxes\/[^/]+$/.test(line))

export const journalOf = (work: OpenWorkspace, target: string) =>
  work.desk.journal({ subject: target.slice(target.lastIndexOf('@') + 1), target, limit: 50 })
