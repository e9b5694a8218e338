import { z } from 'zod'
import type { Call, Push } from './channels.ts'
import { type Failure, failure } from './failure.ts'
import * as shapes from './shapes.ts'

const nothing = z.undefined()
const done = z.void()
const name = z.strictObject({ name: z.string().min(1).max(260) })
const names = z.array(z.string().min(1).max(260)).min(1).max(100_000)
const password = z.string().min(1).max(500)
const credentials = { address: z.string().min(1).max(500), username: z.string().min(1).max(200), password }

/** Every call, with what goes in and what comes out; main/ipc.ts checks the first, the wire tests both. */
export const contract = {
  'app.read': { input: nothing, output: shapes.appState },
  'app.configure': {
    input: z.strictObject({
      locale: z.enum(shapes.locales).optional(),
      colorScheme: z.enum(shapes.colorSchemes).optional(),
    }),
    output: shapes.appState,
  },
  /** The page says that it has painted a view: the way to know when a picture of it is worth taking. */
  'app.painted': {
    input: z.strictObject({ view: z.string().max(40), rows: z.int().min(0) }),
    output: done,
  },
  'app.dismiss': { input: z.strictObject({ id: z.int() }), output: shapes.appState },

  'profiles.test': { input: z.strictObject(credentials), output: z.object({ address: z.string() }) },
  'profiles.add': {
    input: z.strictObject({
      ...credentials,
      name: z.string().trim().min(1).max(80),
      colour: z.enum(shapes.profileColours),
    }),
    output: shapes.appState,
  },
  'profiles.open': { input: z.strictObject({ id: z.string().max(60) }), output: shapes.appState },
  'profiles.close': { input: nothing, output: shapes.appState },
  'profiles.unlock': { input: z.strictObject({ password }), output: shapes.connectivity },

  'fleet.refresh': {
    input: z.strictObject({ acceptShrink: z.boolean() }),
    output: z.object({ total: z.int(), added: z.int(), gone: z.int(), rejected: z.int() }),
  },
  'domains.list': {
    input: shapes.domainQuery,
    output: z.object({ rows: z.array(shapes.domainRow), total: z.int() }),
  },
  'domains.counts': { input: nothing, output: shapes.counts },
  'domains.names': { input: shapes.domainFilter, output: z.array(z.string()) },
  'domains.read': { input: name, output: shapes.domain },
  'domains.check': { input: name, output: shapes.domain },
  'domains.repair': { input: name, output: shapes.repair },
  'domains.fetchRecords': { input: name, output: shapes.domain },

  'view.read': { input: nothing, output: shapes.domainsView },
  'view.write': { input: shapes.domainsView, output: done },

  'jobs.start': { input: z.strictObject({ kind: z.enum(shapes.jobKinds), names }), output: shapes.job },
  'jobs.cancel': { input: z.strictObject({ id: z.int() }), output: shapes.job },
  'jobs.list': { input: nothing, output: z.array(shapes.job) },
  'jobs.read': {
    input: z.strictObject({ id: z.int(), offset: z.int().min(0), limit: z.int().min(1).max(500) }),
    output: z.object({ job: shapes.job, rows: z.array(shapes.jobRow) }),
  },

  'connectivity.read': { input: nothing, output: shapes.connectivity },
  'connectivity.retry': { input: nothing, output: shapes.connectivity },
  'journal.list': {
    input: z.strictObject({ subject: z.string().max(260).nullable(), limit: z.int().min(1).max(500) }),
    output: z.array(shapes.journalEntry),
  },

  'sandbox.read': { input: nothing, output: shapes.sandboxState },
  'sandbox.start': { input: nothing, output: shapes.sandboxState },
  'sandbox.stop': { input: nothing, output: shapes.sandboxState },
  'sandbox.reset': { input: nothing, output: shapes.sandboxState },
  'sandbox.populate': { input: nothing, output: shapes.sandboxState },
  'sandbox.configure': {
    input: z.strictObject({
      dialect: z.enum(shapes.dialects),
      latencyMs: z.int().min(0).max(60_000),
      quirks: z.array(z.enum(shapes.sandboxQuirks)).max(20),
    }),
    output: shapes.sandboxState,
  },

  'links.open': { input: z.strictObject({ url: z.string().max(2000) }), output: done },
  'clipboard.write': { input: z.strictObject({ text: z.string().max(20_000) }), output: done },
} satisfies Record<Call, { input: z.ZodType; output: z.ZodType }>

export const pushed = {
  'app.changed': shapes.appState,
  /** The names that changed; empty: read everything again. */
  'domains.changed': z.object({ names: z.array(z.string()) }),
  'job.progress': z.object({ job: shapes.job, rows: z.array(shapes.jobRow) }),
  'connectivity.changed': shapes.connectivity,
  'sandbox.changed': shapes.sandboxState,
} satisfies Record<Push, z.ZodType>

export type Input<C extends Call> = z.infer<(typeof contract)[C]['input']>
export type Output<C extends Call> = z.infer<(typeof contract)[C]['output']>
export type Pushed<P extends Push> = z.infer<(typeof pushed)[P]>

export const reply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), failure }),
])
export type Reply<T> = { ok: true; value: T } | { ok: false; failure: Failure }

/** What the page finds at `window.bridge`. */
export type Bridge = {
  [C in Call]: (...input: undefined extends Input<C> ? [] : [Input<C>]) => Promise<Reply<Output<C>>>
} & { on<P extends Push>(push: P, listener: (value: Pushed<P>) => void): () => void }
