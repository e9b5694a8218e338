import { z } from 'zod'
import * as dns from './dns-shapes.ts'
import { expectedRecord } from './shapes.ts'

const domain = z.string().min(1).max(260)
const name = z.strictObject({ name: domain })
const letter = z.strictObject(dns.letterInput)
const exported = z.strictObject({
  name: domain,
  what: z.enum(dns.exportSubjects),
  format: z.enum(dns.exportFormats),
})

/** The calls about DNS: what is published, what should be, and how to tell the town. */
export const dnsCalls = {
  /** What the last diagnosis found; nothing is asked of anybody. */
  'dns.read': { input: name, output: dns.dnsState },
  /** Asks the name servers now. */
  'dns.diagnose': { input: name, output: dns.dnsState },
  /** What would be, were these changes of the proposal made and these records published. */
  'dns.rehearse': {
    input: z.strictObject({
      name: domain,
      changes: z.array(z.string().max(200)).max(200),
      publish: z.array(expectedRecord).max(50),
    }),
    output: dns.rehearsal,
  },
  'dns.export': { input: exported, output: z.object({ text: z.string() }) },
  /** Writes a file that the agent chooses; null when none was chosen. */
  'dns.save': { input: exported, output: z.object({ file: z.string() }).nullable() },
  'dns.letter': { input: letter, output: dns.dnsLetter },
  'dns.saveLetter': {
    input: letter.extend({ format: z.enum(dns.letterFormats) }),
    output: z.object({ file: z.string() }).nullable(),
  },
  /** Opens the agent's own mail program on the letter. */
  'dns.composeLetter': { input: letter.extend({ to: z.string().max(320) }), output: dns.letterComposed },
  /** Sends it through the profile's mail server: only ever because the agent asks. */
  'dns.sendLetter': { input: letter.extend({ to: z.string().min(3).max(320) }), output: dns.letterSent },
  /** Pins a domain as waiting for DNS. */
  'dns.watch': { input: name, output: dns.dnsState },
  'dns.unwatch': { input: name, output: dns.dnsState },
  'dns.watches': { input: z.undefined(), output: z.array(dns.dnsWatch) },
  /** The codes of dimail that the catalogue does not explain, most seen first. */
  'codes.unknown': { input: z.undefined(), output: z.array(dns.unknownCode) },

  'sandbox.zone': { input: z.strictObject({ domain }), output: dns.sandboxZone },
  /** Publishes these records, as the domain's owner would at their DNS host. */
  'sandbox.publish': {
    input: z.strictObject({
      domain,
      delegated: z.boolean(),
      records: z.array(dns.sandboxRecord).max(500),
      servers: dns.sandboxZone.shape.servers.max(20),
    }),
    output: dns.sandboxZone,
  },
} satisfies Record<string, { input: z.ZodType; output: z.ZodType }>
