import { type Domain, isFailing, type Locale } from '../../preload/shapes.ts'
import { mainFault, why } from '../i18n/index.ts'

/** What to say of a domain before anything else: a fact about people's mail, then who can act. */
export type Sentence = {
  tone: 'good' | 'warn' | 'bad' | 'info' | 'off'
  /** From the catalogue, in bold; null when nothing is broken. */
  consequence: string | null
  /** Keys of the translations that follow, with the number they need. */
  acting: { key: string; count: number }[]
}

/** Whether every fault that is there now was left by the last repair. */
function isStubborn({ lastRepair, checks }: Domain): boolean {
  if (lastRepair?.state !== 'done' || lastRepair.after === null) return false
  const left = new Set(lastRepair.after.checks.filter(isFailing).map(({ key }) => key))
  return checks.filter(isFailing).every(({ key }) => left.has(key))
}

/** dimail of 2024 tells nothing of its own side: what it does not say is not well (docs/dimail.md 10). */
export const tellsNoInternal = ({ checks }: Pick<Domain, 'checks'>): boolean =>
  checks.length > 0 && checks.every((check) => !check.internal)

export function sentenceFor(domain: Domain, locale: Locale): Sentence {
  const failing = domain.checks.filter(isFailing)
  const external = failing.filter((check) => !check.internal).length
  const fault = mainFault(domain.checks)
  if (domain.repair === 'gone')
    return { tone: 'off', consequence: null, acting: [{ key: 'domain.gone', count: 0 }] }
  const consequence = fault ? why(locale, fault.key, fault.errors[0]?.code).consequence : null
  switch (domain.status) {
    case 'enabled':
      return {
        tone: 'good',
        consequence: null,
        acting: [
          { key: tellsNoInternal(domain) ? 'sentence.enabledExternalOnly' : 'sentence.enabled', count: 0 },
        ],
      }
    case 'disabled': {
      const faults = failing.length > 0 ? [{ key: 'sentence.disabledFaults', count: 0 }] : []
      return { tone: 'off', consequence: null, acting: [{ key: 'sentence.disabled', count: 0 }, ...faults] }
    }
    case 'pending':
      return {
        tone: 'info',
        consequence: null,
        acting: [{ key: domain.attempt ? 'sentence.pendingAttempt' : 'sentence.pending', count: 0 }],
      }
    case 'action_required':
      return {
        tone: 'warn',
        consequence,
        acting: [
          external > 0
            ? { key: 'sentence.external', count: external }
            : { key: 'sentence.unclear', count: 0 },
          ...(external > 0 && failing.length > external
            ? [{ key: 'sentence.alsoInternal', count: failing.length - external }]
            : []),
        ],
      }
    case 'failed': {
      if (failing.length === 0)
        return { tone: 'bad', consequence, acting: [{ key: 'sentence.unclear', count: 0 }] }
      const key = isStubborn(domain) ? 'sentence.stubborn' : 'sentence.internal'
      return { tone: 'bad', consequence, acting: [{ key, count: failing.length }] }
    }
  }
}
