import { Button, Title, UnstyledButton } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { DnsWatch } from '../../preload/dns-shapes.ts'
import app from '../app/app.module.css'
import { heldNow } from '../app/store.ts'
import { Ago } from '../parts/Ages.tsx'
import { External } from '../parts/External.tsx'
import { visible } from '../parts/external-text.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useLocale } from '../parts/locale.ts'
import { tell, tellFailure } from '../parts/tell.ts'
import { moment } from '../parts/time.ts'
import { VirtualTable } from '../parts/VirtualTable.tsx'
import { useApp, useStores, useWatches } from '../stores.ts'
import { WatchMark } from './DnsMarks.tsx'
import classes from './dns.module.css'

const columns = ['domain', 'state', 'since', 'last', 'next', 'acts'] as const

const labels = {
  domain: 'domains.column.name',
  state: 'dns.watch.column.state',
  since: 'dns.watch.column.since',
  last: 'dns.watch.column.last',
  next: 'dns.watch.column.next',
  acts: 'dns.watch.column.acts',
} as const

const widths = { domain: undefined, state: 150, since: 130, last: 170, next: 180, acts: 130 }

/** The domains that are pinned as waiting for DNS: how far each has come, and when it is looked at next. */
export function WatchesPage() {
  const { t } = useTranslation()
  const { watches: store } = useStores()
  const watches = useWatches((state) => state.watches)
  const failure = useWatches((state) => state.failure)
  useEffect(() => void store.getState().load(), [store])
  return (
    <div className={app.page}>
      <div className={app.title}>
        <Title order={1}>{t('nav.watches')}</Title>
        <span className={app.quiet}>{t('dns.watch.pageHint')}</span>
      </div>
      {failure ? <FailureCard failure={failure} /> : null}
      {watches === null && failure === null ? <p>{t('domains.loading')}</p> : null}
      {watches?.length === 0 ? <p className={app.quiet}>{t('dns.watch.none')}</p> : null}
      {watches && watches.length > 0 ? (
        <VirtualTable
          label={t('nav.watches')}
          columns={columns.map((id) => ({ id, label: t(labels[id]), width: widths[id] }))}
          count={watches.length}
          rowHeight={44}
          height="calc(100vh - 158px)"
          keyOf={(index) => watches[index]?.domain ?? index}
          cells={(index) => {
            const watch = watches[index]
            return watch ? <Cells watch={watch} /> : null
          }}
        />
      ) : null}
    </div>
  )
}

function Cells({ watch }: { watch: DnsWatch }) {
  const { t } = useTranslation()
  const { app: appStore, watches: store } = useStores()
  const locale = useLocale()
  const isKnown = useApp((state) => heldNow(state) === 'known')
  const { domain, state, since, lastAt, nextAt } = watch
  async function unpin() {
    const failure = await store.getState().unpin(domain)
    if (failure) return tellFailure(failure)
    tell(t, t('dns.watch.unpinned', { name: visible(domain) }))
    // The row is gone, and the keyboard with it.
    document.getElementById('content')?.focus()
  }
  return (
    <>
      <td>
        <UnstyledButton
          className={classes.open}
          onClick={() => appStore.getState().go({ view: 'domain', name: domain, tab: 'records' })}
        >
          <External>{domain}</External>
        </UnstyledButton>
      </td>
      <td>
        <WatchMark state={state} />
      </td>
      <td>
        <Ago at={since} />
      </td>
      <td>{lastAt === null ? t('app.unknownTime') : <Ago at={lastAt} />}</td>
      <td>{nextAt === null ? '–' : moment(locale, nextAt)}</td>
      <td>
        <Button
          size="compact-sm"
          variant="default"
          disabled={isKnown}
          aria-label={t('dns.watch.unpinOf', { name: visible(domain) })}
          onClick={() => void unpin()}
        >
          {t('dns.watch.unpin')}
        </Button>
      </td>
    </>
  )
}
