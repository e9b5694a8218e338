import { createRandom, seedOf } from './random.ts'

/** One pair of a local part and a destination; a local part may have several. */
export type Alias = { username: string; destination: string; allowToSend: boolean }

/** The aliases of a seeded domain; `devnull@devnull` discards mail (docs/dimail.md 5). */
export function seedAliases(plan: { name: string; mailboxes: number; seed: string }): Alias[] {
  const random = createRandom(seedOf(`${plan.seed} aliases ${plan.name}`))
  if (random.chance(0.2)) return []
  const aliases = [
    { username: 'no-reply', destination: 'devnull@devnull', allowToSend: false },
    { username: 'conseil', destination: `accueil@${plan.name}`, allowToSend: random.chance(0.5) },
    { username: 'conseil', destination: 'secretariat@partenaire.example', allowToSend: false },
    { username: 'direction', destination: `contact@${plan.name}`, allowToSend: true },
    { username: 'astreinte', destination: 'astreinte@prestataire.example', allowToSend: false },
  ]
  return aliases.slice(0, 1 + random.below(aliases.length))
}
