import type { Alias } from './aliases.ts'
import { type Findings, runChecks } from './checks.ts'
import type { Dialect } from './dialects.ts'
import { zoneAsFound } from './dns/published.ts'
import { createDomain, type Domain, grow, type Plan } from './domain.ts'
import { repair } from './internal.ts'
import { type Mailbox, oxadmin } from './mailboxes.ts'
import { dkimRecord } from './records.ts'
import type { FindZone } from './zone.ts'

export type User = { name: string; password: string; isAdmin: boolean; uuid: string; perms: string[] }
export type Allow = { user: string; domain: string }

/** All that the simulated dimail, its DNS and its Open-Xchange hold, in memory; everything may be edited. */
export function createWorld() {
  const users = new Map<string, User>()
  const allows: Allow[] = []
  const entries = new Map<string, Plan | Domain>()
  // Names that are not in lower case, by their lower-case form: DNS has no case, dimail has.
  const folded = new Map<string, string>()
  // Every name above a domain's, so that name servers know which are there though nothing is at them.
  const above = new Set<string>()
  const contexts = new Map<string, string[]>()
  // Of names that are no domain: dimail does not look whether one exists (docs/dimail.md 5).
  const orphans = new Map<string, Alias[]>()
  const admins = new Map<string, Mailbox>()
  const mappings = new Map<string, string>()

  function domain(name: string): Domain | undefined {
    const entry = entries.get(name)
    if (entry === undefined || !('shape' in entry)) return entry
    const grown = grow(entry, findZone)
    entries.set(name, grown)
    return grown
  }

  /** The domain of a name in lower case, however its own is written. */
  const hosted = (name: string): Domain | undefined => domain(name) ?? domain(folded.get(name) ?? '')

  const findZone: FindZone = (name) => {
    const found = hosted(name)
    return found && zoneAsFound(found)
  }

  function insert(entry: Plan | Domain) {
    entries.set(entry.name, entry)
    const lower = entry.name.toLowerCase()
    if (lower !== entry.name) folded.set(lower, entry.name)
    for (let dot = lower.indexOf('.'); dot >= 0; dot = lower.indexOf('.', dot + 1))
      above.add(lower.slice(dot + 1))
    if (entry.contextName === null) return
    const members = contexts.get(entry.contextName)
    if (members === undefined) contexts.set(entry.contextName, [entry.name])
    else members.push(entry.name)
  }

  /** Forgets every domain, alias and allow, then holds exactly these. Users stay. */
  function load(fleet: Iterable<Plan | Domain>) {
    for (const held of [entries, folded, above, contexts, orphans, admins, mappings]) held.clear()
    allows.length = 0
    for (const entry of fleet) insert(entry)
  }

  /** A new domain: delegated, with nothing published yet and no mailbox. */
  function add(name: string, contextName: string | null): Domain {
    const created = createDomain(name, contextName, { mailboxes: () => [], aliases: () => [] })
    created.zone.records = []
    insert(created)
    return created
  }

  /** The aliases of a name, whether or not it is a domain. */
  function aliases(name: string): Alias[] {
    const list = domain(name)?.aliases ?? orphans.get(name) ?? []
    if (!entries.has(name)) orphans.set(name, list)
    return list
  }

  /** The domains of an OX context, the first of which lists its technical user. */
  const members = (contextName: string | null): readonly string[] =>
    contextName === null ? [] : (contexts.get(contextName) ?? [])

  /** The technical user of a context. */
  function adminOf(contextName: string): Mailbox | null {
    const [first] = members(contextName)
    if (first === undefined) return null
    const known = admins.get(contextName) ?? oxadmin(first)
    admins.set(contextName, known)
    return known
  }

  /** Every mailbox that has a user in the OX context, the technical one first. */
  function oxUsers(contextName: string | null): Mailbox[] {
    if (contextName === null) return []
    const admin = adminOf(contextName)
    const boxes = members(contextName).flatMap((name) => domain(name)?.mailboxes ?? [])
    return [...(admin === null ? [] : [admin]), ...boxes.filter((box) => box.ox !== null)]
  }

  /** Runs and stores the checks of a domain. @throws UncaughtDnsError, and then stores nothing. */
  function check(subject: Domain, dialect: Dialect): Findings {
    subject.stored = runChecks(subject, findZone, dialect)
    return subject.stored
  }

  /** Repairs the internal faults that can be, then checks again. @throws UncaughtDnsError, repaired all the same. */
  function fix(subject: Domain, dialect: Dialect): Findings {
    if (repair(subject.faults)) {
      subject.wanted = { ...subject.wanted, dkim: dkimRecord(`${subject.wanted.dkim} renewed`) }
    }
    return check(subject, dialect)
  }

  /** Takes back the allows that match; how many there were. */
  function disallow(matches: (allow: Allow) => boolean): number {
    const kept = allows.filter((allow) => !matches(allow))
    const gone = allows.length - kept.length
    allows.splice(0, allows.length, ...kept)
    return gone
  }

  return {
    users,
    allows,
    disallow,
    /** What Open-Xchange maps to a context besides the domains that dimail knows: leftovers. */
    mappings,
    domain,
    hosted,
    /** Whether a name in lower case has domains below it. */
    isAbove: (name: string): boolean => above.has(name),
    /** The names of all domains, in the order in which they came. */
    names: () => [...entries.keys()],
    add,
    load,
    aliases,
    members,
    oxUsers,
    check,
    fix,
    get size() {
      return entries.size
    },
  }
}
export type World = ReturnType<typeof createWorld>
