import { z } from 'zod'
import { seedOf } from '../random.ts'

const gigabyte = 1000 ** 3
const usage = z.number().nonnegative()
const item = z.object({
  account: z.object({ type: z.string().optional(), email: z.string().optional() }).optional(),
  metrics: z.object({ storage_used: usage.optional() }).optional(),
  siret: z.string().optional(),
})
/** The body of a POST; whatever else is in it is ignored (docs/entitlements.md 8). */
export const pushedBody = z.object({ usage_metrics: z.array(item).default([]) })
type Pushed = z.infer<typeof pushedBody>

/**
 * How much room accounts and organisations have and use, in bytes, decimal: invented from the address, so that it
 * is the same in every run, until somebody tells what is used.
 */
export function createStorage() {
  const told = new Map<string, number>()
  const account = (email: string) => `account ${email}`
  const organization = (siret: string) => `organization ${siret}`
  const used = (key: string, most: number) => told.get(key) ?? seedOf(`used ${key}`) % most

  return {
    /** Takes what is pushed for organisations that are known; the rest is skipped. */
    push({ usage_metrics }: Pushed, isKnown: (siret: string) => boolean): void {
      for (const { account: who, metrics, siret } of usage_metrics) {
        const amount = metrics?.storage_used
        if (amount === undefined || siret === undefined || !isKnown(siret)) continue
        if (who?.type === 'organization') told.set(organization(siret), amount)
        else if (who?.email !== undefined) told.set(account(who.email), amount)
      }
    },
    /** One mailbox in eight has no limit, which DeployCenter writes 0. */
    account(email: string) {
      const seed = seedOf(`limit ${email}`)
      const limit = seed % 8 === 0 ? 0 : (seed % 3) * 5 * gigabyte + 5 * gigabyte
      return { used: used(account(email), limit || 5 * gigabyte), limit }
    },
    /** More than any one of its mailboxes, as all of them together take. */
    organization(siret: string) {
      const limit = 100 * gigabyte
      const key = organization(siret)
      return { used: told.get(key) ?? 20 * gigabyte + used(key, 60 * gigabyte), limit }
    },
    clear: () => told.clear(),
  }
}
export type Storage = ReturnType<typeof createStorage>
