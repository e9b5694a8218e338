import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DnsState } from '../../preload/dns-shapes.ts'
import type { Domain } from '../../preload/shapes.ts'
import { awayNow } from '../app/store.ts'
import domainClasses from '../domain/domain.module.css'
import { useAgo } from '../parts/Ages.tsx'
import { useApp, useDomain, useStores } from '../stores.ts'
import { situationId } from './ask-dns.ts'
import classes from './dns.module.css'
import { dnsSentence } from './sentence.ts'

type Props = { dns: DnsState; domain: Domain; mayCheck: boolean }

/** One sentence for what DNS and dimail say together, and the way to have dimail look again. */
export function Situation({ dns, domain, mayCheck }: Props) {
  const { t } = useTranslation()
  const ago = useAgo()
  const { tone, parts, asksDimail } = dnsSentence(dns, domain)
  const said = parts.map(({ key, count = 0, of = 0, at }) =>
    t(`dns.sentence.${key}`, { count, of, ago: at === undefined ? '' : ago(at) }),
  )
  return (
    <section
      className={domainClasses.sentence}
      id={situationId}
      data-tone={tone}
      aria-label={t('dns.situation')}
    >
      <p className={classes.situation}>{said.join(' ')}</p>
      {asksDimail ? <AskDimail mayCheck={mayCheck} /> : null}
    </section>
  )
}

function AskDimail({ mayCheck }: { mayCheck: boolean }) {
  const { t } = useTranslation()
  const { domain: store } = useStores()
  const busy = useDomain((state) => state.busy)
  const away = useApp(awayNow)
  if (!mayCheck) return null
  return (
    <div className={classes.acts}>
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
    </div>
  )
}
