import type { Stores } from '../stores.ts'

/** Where what DNS says begins, which a small window may not show. */
export const situationId = 'dns-situation'

/** Where what is to be done begins. */
export const proposalId = 'proposal-title'

/** Goes on where what is to be done begins, with the eyes and with the keyboard. */
export function goToProposal(): void {
  const title = document.getElementById(proposalId)
  title?.scrollIntoView({ block: 'start' })
  title?.focus({ preventScroll: true })
}

/** Goes to the DNS of a domain and asks the name servers there. */
export async function askDns({ app, dns }: Pick<Stores, 'app' | 'dns'>, name: string): Promise<void> {
  const { place } = app.getState()
  const isThere = place.view === 'domain' && place.name === name && place.tab === 'records'
  if (!isThere) app.getState().go({ view: 'domain', name, tab: 'records' })
  if (dns.getState().name !== name) await dns.getState().open(name)
  await dns.getState().ask()
  document.getElementById(situationId)?.scrollIntoView({ block: 'nearest' })
}
