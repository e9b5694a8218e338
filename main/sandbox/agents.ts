import { type Account, accounts, nameOf, type Subscription } from './accounts.ts'

/** What DeployCenter says of somebody, changed while the sandbox runs. */
export type Entitled = { domains: readonly string[]; subscription: Subscription }
/** An account as the control routes tell it; never its `sub`, which only the provider tells. */
export type Agent = Entitled & { id: string; name: string; email: string }

/** The accounts of the sandbox, and what its DeployCenter says of each for now. */
export function createAgents() {
  const entitled = new Map<string, Entitled>()
  const of = (account: Account): Entitled => entitled.get(account.id) ?? account

  return {
    /** What is said of somebody who signs in. */
    of,
    list: (): Agent[] =>
      accounts.map((account) => {
        const { domains, subscription } = of(account)
        return { id: account.id, name: nameOf(account), email: account.email, domains, subscription }
      }),
    /** False when there is no such account. */
    entitle(id: string, { domains, subscription }: Entitled): boolean {
      if (accounts.every((account) => account.id !== id)) return false
      entitled.set(id, { domains: [...domains], subscription })
      return true
    },
    reset: () => entitled.clear(),
  }
}
export type Agents = ReturnType<typeof createAgents>
