/** Every call the page may make, by name. The schemas of each are in contract.ts. */
export const calls = [
  'app.read',
  'app.configure',
  'app.dismiss',
  'app.painted',
  'profiles.test',
  'profiles.add',
  'profiles.open',
  'profiles.close',
  'profiles.unlock',
  'fleet.refresh',
  'domains.list',
  'domains.counts',
  'domains.names',
  'domains.read',
  'domains.check',
  'domains.repair',
  'domains.fetchRecords',
  'view.read',
  'view.write',
  'jobs.start',
  'jobs.cancel',
  'jobs.list',
  'jobs.read',
  'connectivity.read',
  'connectivity.retry',
  'journal.list',
  'sandbox.read',
  'sandbox.start',
  'sandbox.stop',
  'sandbox.reset',
  'sandbox.populate',
  'sandbox.configure',
  'links.open',
  'clipboard.write',
] as const
export type Call = (typeof calls)[number]

/** Every message that main sends to the page without being asked. */
export const pushes = [
  'app.changed',
  'domains.changed',
  'job.progress',
  'connectivity.changed',
  'sandbox.changed',
] as const
export type Push = (typeof pushes)[number]
