import type { Domain } from './domain.ts'
import { createMailbox, type Mailbox } from './mailboxes.ts'
import { person, service } from './people.ts'
import { seedOf } from './random.ts'

// Beyond every person of the seeded fleet, so that nobody of the same context has the same name.
const firstPerson = 100_000

/**
 * Gives a domain exactly `count` mailboxes in place of those it has, all of different names, one in fifteen a
 * functional one; with `odd`, the first of them are the odd ones that real lists hold.
 */
export function fill(domain: Domain, count: number, odd = false): void {
  const { name } = domain
  const seed = seedOf(`filled ${name}`)
  const strange = odd ? oddMailboxes(name).slice(0, count) : []
  domain.mailboxes.length = 0
  domain.mailboxes.push(...strange)
  for (let n = 0; n < count - strange.length; n += 1) {
    if (n % 15 === 7) domain.mailboxes.push(createMailbox(`${service(n)}-${n}`, name, null))
    else {
      const { local, ...ox } = person(firstPerson + n, seed)
      domain.mailboxes.push(createMailbox(local, name, ox))
    }
  }
}

const long = (word: string) =>
  Array.from({ length: 40 }, () => word)
    .join('-')
    .slice(0, 200)

/** One mailbox of each kind that lists and screens have trouble with (docs/dimail.md 4.1, 4.5, 7.8 to 7.10). */
export function oddMailboxes(domain: string): Mailbox[] {
  const box = (local: string, givenName: string, surName: string, more: Partial<Mailbox> = {}) => ({
    ...createMailbox(local, domain, { givenName, surName, displayName: `${givenName} ${surName}` }),
    ...more,
  })
  const functional = (local: string, active: Mailbox['active']) => ({
    ...createMailbox(local, domain, null),
    active,
  })
  return [
    box('tres.long', long('Maximilienne'), long('Topinambour')),
    box('l'.repeat(64), 'Alix', 'Salsifis Long'),
    box('arabe', 'نعناع', 'ريحان'),
    box('hebreu', 'נענע', 'בזיליקום'),
    // The first is Latin; the second only looks like it, with Cyrillic letters.
    box('claude.radis', 'Claude', 'Radis Rouge'),
    box('claude.radis2', 'Сlаudе', 'Rаdis Rоugе'),
    box('Sacha.NAVET', 'Sacha', 'NAVET-MAJUSCULE'),
    functional('accueil-actif', 'yes'),
    functional('accueil-inactif', 'no'),
    box('deux@arobases', 'Noa', 'Deux Arobases'),
    box('é.accent', 'Élé', 'Accent'),
    box('ox.seul', 'Lou', 'Ouvert Seul', { dovecot: false }),
    functional('dovecot.seul', 'unknown'),
    box('en.chemin', 'Zoe', 'En Chemin', { active: 'wait' }),
    box('voisine', 'Yael', 'Voisine', { domain: `voisine-${domain}` }),
  ]
}
