import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DnsState } from '../../preload/dns-shapes.ts'
import type { Domain } from '../../preload/shapes.ts'
import { useAgo } from '../parts/Ages.tsx'
import { Key } from '../parts/Key.tsx'
import { useLocale } from '../parts/locale.ts'
import { useDns, useStores } from '../stores.ts'
import classes from './dns.module.css'
import { ExportMenu } from './ExportMenu.tsx'
import { seconds } from './facts.ts'
import { useDnsAway } from './use-dns-away.ts'

type Props = { dns: DnsState; domain: Domain; rehearse: () => void }

/** How old the answers are, and what can be done with them. */
export function DnsTools({ dns: { diagnosis, proposal, forms }, domain, rehearse }: Props) {
  const { t } = useTranslation()
  const { dns: store } = useStores()
  const busy = useDns((state) => state.busy)
  const away = useDnsAway()
  const ago = useAgo()
  const locale = useLocale()
  return (
    <div>
      <div className={classes.tools}>
        <Button
          size="compact-md"
          variant="default"
          disabled={away !== null}
          loading={busy === 'asking'}
          aria-describedby="cannot-ask-dns"
          onClick={() => void store.getState().ask()}
        >
          {t('dns.askNow')}
          <Key>D</Key>
        </Button>
        <span className={classes.quiet}>
          {busy === 'asking'
            ? t('dns.asking')
            : diagnosis === null
              ? t('dns.neverAsked')
              : t('dns.ages', {
                  ago: ago(diagnosis.at),
                  expected: ago(diagnosis.expectedAt),
                  seconds: seconds(locale, diagnosis.tookMs),
                })}
        </span>
        <span className={classes.grow} />
        <Button
          size="compact-md"
          variant="default"
          disabled={diagnosis === null}
          title={diagnosis === null ? t('dns.rehearsal.needsDns') : undefined}
          onClick={rehearse}
        >
          {t('dns.rehearsal.open')}
        </Button>
        <ExportMenu
          domain={domain.name}
          hasExpected={forms.length > 0 || (domain.records?.items.length ?? 0) > 0}
          hasChanges={(proposal?.changes.length ?? 0) > 0}
        />
      </div>
      <p className={classes.why} id="cannot-ask-dns">
        {away === null ? null : t(`dns.cannotAsk.${away}`)}
      </p>
    </div>
  )
}
