import { z } from 'zod'

const sentence = z.string().min(1).max(400)
const label = z.string().min(1).max(40)
const day = z.iso.date().nullable()

/** When a hint is worth its place: names or hosts are typed, this type is, or a text beyond 255 characters. */
export const hintMoments = ['names', 'host', 'long', 'MX', 'CNAME', 'TXT'] as const

/** What the page of a host says, so that a reader finds it: never capitalised, since it follows a dash or a colon. */
const hostWords = z.strictObject({
  where: sentence,
  add: sentence,
  edit: sentence,
  delete: sentence,
  labels: z.strictObject({
    type: label,
    name: label,
    value: label,
    priority: label,
    ttl: label,
    /** Where the field of the value is called otherwise for a type. */
    valueBy: z.partialRecord(z.enum(['MX', 'CNAME', 'TXT']), label),
  }),
  hints: z.array(z.strictObject({ when: z.enum(hintMoments), text: sentence })),
})
export type HostWords = z.infer<typeof hostWords>

/** One DNS host: how it is recognised, and how its page wants records written (docs/field.md 3.6; 4 N4). */
export const dnsHostProfile = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+$/),
  /** Empty: of the host that is not known. */
  name: z.string(),
  /** Suffixes of its name servers, in lower case, without any outer dot. */
  nameServers: z.array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)),
  /** `relative`: to the zone; `full-dot`: the whole name with its final dot. */
  names: z.enum(['relative', 'full', 'full-dot']),
  /** What stands for the zone itself. */
  apex: z.enum(['@', 'empty', 'full']),
  /** Whether the name of a server ends with a dot. */
  finalDot: z.boolean(),
  /** Whether a text is typed between quotes. */
  quotes: z.boolean(),
  /** `apart`: in a field of its own, else before the value; `usual`: where nobody published one yet. */
  priority: z.strictObject({ apart: z.boolean(), usual: z.int().min(0).max(65_535) }),
  help: z.strictObject({ fr: z.url().nullable(), en: z.url().nullable() }),
  /**
   * When each part was last compared with public documentation; null: it is what is commonly said of the host.
   * `where` is the way to the page and its button to add, `words` all the rest of them.
   */
  checked: z.strictObject({ nameServers: day, form: day, where: day, words: day, help: day }),
  words: z.strictObject({ fr: hostWords, en: hostWords }),
})
export type DnsHostProfile = z.infer<typeof dnsHostProfile>

/** The whole of resources/dns-hosts.json: its last host is the one for all that are not known. */
export const dnsHosts = z.strictObject({ hosts: z.array(dnsHostProfile).min(1) })
