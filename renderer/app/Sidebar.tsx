import { UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DomainFilter } from '../../preload/shapes.ts'
import { useMay } from '../session/use-may.ts'
import { useApp, useDomains, useJobs, useStores, useWatches } from '../stores.ts'
import classes from './app.module.css'
import type { Place } from './store.ts'

const saved = ['repairable', 'action_required', 'failed', 'pending'] as const

export function Sidebar() {
  const { t } = useTranslation()
  const counts = useDomains((state) => state.counts)
  const running = useJobs((state) => state.jobs.filter((job) => job.state === 'running').length)
  const isSandbox = useApp((state) => state.app?.profile?.kind === 'sandbox')
  const mayProvision = useMay('domain.provision')
  const all = useDomains((state) => state.view.status === 'all')
  const list = useApp((state) => state.place.view === 'domains')
  const waiting = useWatches((state) => state.watches?.length ?? 0)
  const atWatches = useApp((state) => state.place.view === 'watches')
  return (
    <nav className={classes.side} aria-label={t('nav.label')}>
      <ul>
        <PlaceItem
          place={{ view: 'domains' }}
          label={t('nav.domains')}
          count={counts?.all}
          current={list && all}
        />
        <PlaceItem
          place={{ view: 'jobs' }}
          label={t('nav.jobs')}
          {...(running > 0 ? { count: t('nav.running', { count: running }) } : {})}
        />
        {waiting > 0 || atWatches ? (
          <PlaceItem
            place={{ view: 'watches' }}
            label={t('nav.watches')}
            count={waiting > 0 ? waiting : undefined}
          />
        ) : null}
        <PlaceItem place={{ view: 'journal' }} label={t('nav.journal')} />
        <PlaceItem place={{ view: 'messages' }} label={t('nav.messages')} />
        {mayProvision ? <PlaceItem place={{ view: 'provisioning' }} label={t('nav.provisioning')} /> : null}
        {isSandbox ? <PlaceItem place={{ view: 'sandbox' }} label={t('nav.sandbox')} /> : null}
        {isSandbox ? <PlaceItem place={{ view: 'outbox' }} label={t('nav.outbox')} /> : null}
        <PlaceItem place={{ view: 'settings' }} label={t('nav.settings')} />
      </ul>
      <h2 id="saved-views">{t('nav.views')}</h2>
      <ul aria-labelledby="saved-views">
        {saved.map((status) => (
          <ViewItem key={status} status={status} count={counts?.[status]} />
        ))}
      </ul>
    </nav>
  )
}

type PlaceProps = { place: Place; label: string; count?: number | string | undefined; current?: boolean }

function PlaceItem({ place, label, count, current }: PlaceProps) {
  const { app, domains } = useStores()
  const here = useApp((state) => state.place.view)
  const isCurrent = current ?? here === place.view
  function go() {
    if (place.view === 'domains') void domains.getState().change({ status: 'all', text: '' })
    app.getState().go(place)
  }
  return (
    <li>
      <UnstyledButton
        className={classes.item}
        onClick={go}
        {...(isCurrent ? { 'aria-current': 'page' } : {})}
      >
        {label}
        <Count value={count} />
      </UnstyledButton>
    </li>
  )
}

function ViewItem({ status, count }: { status: DomainFilter['status']; count: number | undefined }) {
  const { t } = useTranslation()
  const { app, domains } = useStores()
  const isCurrent = useDomains((state) => state.view.status === status)
  const here = useApp((state) => state.place.view === 'domains')
  function go() {
    void domains.getState().change({ status, text: '' })
    app.getState().go({ view: 'domains' })
  }
  return (
    <li>
      <UnstyledButton
        className={classes.item}
        onClick={go}
        {...(here && isCurrent ? { 'aria-current': 'true' } : {})}
      >
        {t(`nav.${status}`)}
        <Count value={count} />
      </UnstyledButton>
    </li>
  )
}

const Count = ({ value }: { value: number | string | undefined }) =>
  value === undefined ? null : <span className={classes.count}>{value}</span>
