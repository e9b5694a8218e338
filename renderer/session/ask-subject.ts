import { z } from 'zod'
import { jobKinds } from '../../preload/shapes.ts'

const text = z.string().optional()
/** What the inputs of the calls that change something name, in the words of the contract. */
const named = z.object({
  kind: z.enum(jobKinds).optional(),
  names: z.array(z.string()).optional(),
  name: text,
  address: text,
  id: text,
  domain: text,
  localPart: text,
  destination: text,
  email: text,
  person: text,
})

/** What a call is about, for the sentence that asks for it. */
export function subjectOf(input: unknown): {
  subject: string
  job: (typeof jobKinds)[number] | null
  count: number
} {
  const read = named.safeParse(input)
  if (!read.success) return { subject: '', job: null, count: 0 }
  const {
    kind,
    names = [],
    name,
    address,
    id,
    domain = '',
    localPart,
    destination,
    email,
    person,
  } = read.data
  if (kind !== undefined) return { subject: domain, job: kind, count: names.length }
  const local = localPart === undefined ? undefined : `${localPart}@${domain}`
  const whom = email ?? person
  const there = whom === undefined ? undefined : domain === '' ? whom : `${whom}, ${domain}`
  const alias = local === undefined || destination === undefined ? local : `${local} → ${destination}`
  // A waiting mailbox is named by its address; an invitation's name says nothing.
  const waiting = id?.includes('@') ? id : undefined
  return { subject: name ?? address ?? waiting ?? alias ?? there ?? domain, job: null, count: 0 }
}
