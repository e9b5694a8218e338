import { createRandom } from './random.ts'
import { words } from './words.ts'

/** Epicene given names and plants for surnames: nobody is called so. */
const given = words(`
  Alix Ange Andrea Camille Charlie Claude Dominique Eden Gwenn Jocelyn Lou Maxence Morgan Noa Ollie
  Pascale Pauline Robin Sacha Sidney Stacy Swann Yael Zoe
`)
const plants = words(`
  Artichaut Aubergine Basilic Betterave Bleuet Capucine Cardamome Cerfeuil Chicoree Ciboulette
  Citrouille Coriandre Cresson Endive Epinard Estragon Fenouil Framboise Gingembre Haricot Jonquille
  Lavande Lentille Mandarine Marjolaine Myrtille Navet Noisette Oseille Panais Pissenlit Poireau
  Potiron Quinoa Radis Rhubarbe Roquette Rutabaga Salsifis Sarriette Topinambour
`)

export type Person = { givenName: string; surName: string; displayName: string; local: string }

/**
 * The n-th evidently fictional person of an OX context: no two share a display name or a local part,
 * because OX refuses the first and dimail the second (docs/dimail.md 7.6).
 */
export function person(n: number, seed: number): Person {
  const all = given.length * plants.length
  // 605 is prime to 24 x 41, so neighbours differ in both names and nobody comes twice in a round.
  const place = (n * 605 + (seed % all)) % all
  const round = Math.floor(n / all)
  const givenName = given[place % given.length] ?? 'Alix'
  const plant = plants[Math.floor(place / given.length)] ?? 'Radis'
  const surName = round === 0 ? plant : `${plant} ${round + 1}`
  const taste = createRandom(seed + n).below(100)
  const displayName =
    taste < 84
      ? `${givenName} ${surName}`
      : taste < 96
        ? `${surName}, ${givenName}`
        : `${givenName} ${surName.toUpperCase()} (service fictif)`
  const local = `${givenName}.${surName}`.toLowerCase().replaceAll(' ', '')
  return { givenName, surName, displayName, local }
}

/** The local part of the n-th functional mailbox of a domain. */
export function service(n: number): string {
  const names = [
    'accueil',
    'contact',
    'etat-civil',
    'urbanisme',
    'secretariat',
    'cantine',
    'travaux',
    'elections',
  ]
  const name = names[n % names.length] ?? 'accueil'
  return n < names.length ? name : `${name}-${Math.floor(n / names.length) + 1}`
}
