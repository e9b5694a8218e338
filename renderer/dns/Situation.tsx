import { Button } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { DnsState } from '../../preload/dns-shapes.ts'
import type { Domain } from '../../preload/shapes.ts'
import { awayNow } from '../app/store.ts'
import domainClasses from '../domain/domain.module.css'
import { useAgo } from '../parts/Ages.tsx'
import { useApp, useDomain, useStores } from '../stores.ts'
import { goToProposal, situationId } from './ask-dns.ts'
import classes from './dns.module.css'
import { dnsSentence } from './sentence.ts'

type Props = { dns: DnsState; domain: Domain; mayCheck: boolean }

/** One sentence for what DNS and dimail say together, and what comes next: the changes, or that dimail looks again. */
export function Situation({ dns, domain, mayCheck }: Props) {
  const { t } = useTranslation()
  const ago = useAgo()
  const { tone, parts, asksDimail } = dnsSentence(dns, domain)
  const changes = dns.proposal?.changes.length ?? 0
  const asks = asksDimail && mayCheck
  const said = parts.map(({ key, count = 0, of = 0, at }) =>
    t(`dns.sentence.${key}`, { count, of, ago: at === undefined ? '' : ago(at) }),
  )
  useKeyboardHere(asks)
  return (
    <section
      className={domainClasses.sentence}
      id={situationId}
      tabIndex={-1}
      data-tone={tone}
      aria-label={t('dns.situation')}
    >
      <p className={classes.situation}>{said.join(' ')}</p>
      {asks || changes > 0 ? (
        <div className={classes.acts}>
          {changes > 0 ? (
            <Button size="compact-sm" variant="default" onClick={goToProposal}>
              {t('dns.toChanges', { count: changes })}
            </Button>
          ) : null}
          {asks ? <AskDimail /> : null}
        </div>
      ) : null}
    </section>
  )
}

/** The button that was pressed goes when dimail has answered: the keyboard goes on from the answer. */
function useKeyboardHere(asks: boolean): void {
  useEffect(() => {
    const isLost = document.activeElement === document.body
    if (!asks && isLost) document.getElementById(situationId)?.focus({ preventScroll: true })
  }, [asks])
}

function AskDimail() {
  const { t } = useTranslation()
  const { domain: store } = useStores()
  const busy = useDomain((state) => state.busy)
  const away = useApp(awayNow)
  return (
    <>
      <Button
        size="compact-sm"
        disabled={away !== null}
        loading={busy === 'checking'}
        aria-describedby="cannot-ask-dimail"
        onClick={() => void store.getState().check()}
      >
        {t('dns.askDimail')}
      </Button>
      <span id="cannot-ask-dimail">{away === null ? null : t(`cannotCheck.${away}`)}</span>
    </>
  )
}
