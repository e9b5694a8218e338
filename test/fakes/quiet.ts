import type { Workspace } from '../../main/jobs/workspace.ts'

/** What a workspace tells and asks of others, for a run that nobody looks at. */
export const quiet: Omit<Workspace, 'profile' | 'dimail' | 'cache' | 'desk' | 'now'> = {
  repairing: new Map(),
  person: () => ({ id: 'agent-fictif', name: 'agent-fictif', email: null, support: true }),
  post: { send: async () => ({ state: 'none', id: null, to: null, failure: null, draft: null }) },
  webmail: () => null,
  changed: () => {},
  turned: () => {},
  mailboxesChanged: () => {},
  rightsChanged: () => {},
  mailChanged: () => {},
  mayActAlone: () => true,
}

const notHere = () => Promise.reject(new Error('This test runs no such job'))
/** The kinds of job that a test does not run. */
export const noMailboxJobs = {
  'enable-mailboxes': notHere,
  'disable-mailboxes': notHere,
  'create-mailboxes': notHere,
  provision: notHere,
  diagnose: notHere,
}
