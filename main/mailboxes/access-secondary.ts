import type { Workspace } from '../jobs/workspace.ts'

/** Where the messages of a mailbox go; known to this console alone. */
export const secondaryOf = async (
  { desk }: Pick<Workspace, 'desk'>,
  address: string,
): Promise<string | null> => (await desk.secondary.get(address))?.email ?? null

/** Keeps the secondary address of a mailbox, null to forget it; the cache mirrors it for the table's order. */
export async function keepSecondary(
  { desk, cache }: Pick<Workspace, 'desk' | 'cache'>,
  { address, domain }: { address: string; domain: string },
  email: string | null,
): Promise<void> {
  if (email === null) await desk.secondary.remove(address)
  else await desk.secondary.put(address, domain, { address, email })
  cache.mailboxes.setSecondary(address, email)
}
