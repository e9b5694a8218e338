/** How names are written in main/dns: absolute, in lower case, without the final dot; `''` is the root. */
export const absolute = (name: string): string => name.toLowerCase().replace(/\.$/, '')

/** A target of dimail, relative to the domain, as an absolute name. */
export const under = (target: string, domain: string): string =>
  target === '' ? absolute(domain) : `${absolute(target)}.${absolute(domain)}`

/** Whether a name is a zone's own or below it. */
export const isWithin = (name: string, zone: string): boolean =>
  zone === '' || name === zone || name.endsWith(`.${zone}`)

/** A name as its zone writes it: `@` for the zone itself. @throws when the name is not within the zone. */
export function relativeTo(name: string, zone: string): string {
  if (!isWithin(name, zone)) throw new Error(`${name} is not within ${zone}`)
  if (name === zone) return '@'
  return zone === '' ? name : name.slice(0, -zone.length - 1)
}

/** The name one label up; null at the root. */
export function parentOf(name: string): string | null {
  if (name === '') return null
  const dot = name.indexOf('.')
  return dot < 0 ? '' : name.slice(dot + 1)
}
