import { Button, TextInput, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useKeys } from '../app/keys.ts'
import { awayNow } from '../app/store.ts'
import { useAgo } from '../parts/Ages.tsx'
import { Key } from '../parts/Key.tsx'
import { tellFailure } from '../parts/tell.ts'
import { useMay } from '../session/use-may.ts'
import { NewDomain } from '../setup/NewDomain.tsx'
import { useApp, useDomains, useStores } from '../stores.ts'
import { DomainsTable } from './DomainsTable.tsx'
import classes from './domains.module.css'
import { readFleet } from './read-fleet.tsx'
import { SelectionBar } from './SelectionBar.tsx'
import { StatusFilters } from './StatusFilters.tsx'

export function DomainsPage() {
  return (
    <div className={classes.page}>
      <Head />
      <Tools />
      <DomainsTable />
      <SelectionBar />
    </div>
  )
}

function Head() {
  const { t } = useTranslation()
  const stores = useStores()
  const { bridge, jobs } = stores
  const counts = useDomains((state) => state.counts)
  const refreshing = useDomains((state) => state.refreshing)
  const away = useApp(awayNow)
  // Main refuses these to anybody else (docs/rights.md).
  const support = useApp((state) => state.session?.person?.support === true)
  const mayCreate = useMay('domain.create')
  const mayRefresh = useMay('fleet.refresh')
  const [making, { open, close }] = useDisclosure(false)
  const ago = useAgo()
  async function checkAll() {
    const names = await bridge['domains.names']({ text: '', status: 'all' })
    if (!names.ok) return tellFailure(names.failure)
    if (names.value.length > 0) await jobs.getState().start('check', names.value)
  }
  useKeys([['R', () => support && away === null && checkAll()]])
  return (
    <div className={classes.head}>
      <Title order={1}>{t('domains.title')}</Title>
      <div className={classes.summary}>
        <span role="status">
          {counts
            ? t('domains.summary.sentence', {
                total: t('domains.summary.total', { count: counts.all }),
                action: t('domains.summary.action', { count: counts.action_required }),
                failed: t('domains.summary.failed', { count: counts.failed }),
                repairable: t('domains.summary.repairable', { count: counts.repairable }),
              })
            : t('domains.loading')}
        </span>
        {counts ? ' · ' : null}
        {counts
          ? counts.fetchedAt
            ? t('domains.listed', { ago: ago(counts.fetchedAt) })
            : t('domains.neverListed')
          : null}
      </div>
      {making ? <NewDomain close={close} /> : null}
      {mayCreate ? (
        <Button
          variant="default"
          size="compact-md"
          disabled={away !== null}
          title={away === null ? undefined : t(`cannotChange.${away}`)}
          onClick={open}
        >
          {t('setup.new')}
        </Button>
      ) : null}
      {mayRefresh ? (
        <Button
          variant="default"
          size="compact-md"
          disabled={away !== null}
          title={away === null ? undefined : t(`cannotRefresh.${away}`)}
          loading={refreshing}
          onClick={() => void readFleet(t, stores)}
        >
          {t('domains.refresh')}
        </Button>
      ) : null}
      {support ? (
        <Button
          size="compact-md"
          disabled={away !== null}
          title={away === null ? undefined : t(`cannotCheck.${away}`)}
          onClick={() => void checkAll()}
        >
          {t('domains.checkAll')}
          <Key>⇧R</Key>
        </Button>
      ) : null}
    </div>
  )
}

function Tools() {
  const { t } = useTranslation()
  const { domains } = useStores()
  const text = useDomains((state) => state.view.text)
  const input = useRef<HTMLInputElement>(null)
  useKeys([['/', () => input.current?.select()]])
  return (
    <div className={classes.tools}>
      <TextInput
        ref={input}
        size="xs"
        w={220}
        type="search"
        aria-label={t('domains.search')}
        placeholder={t('domains.searchPlaceholder')}
        leftSection={<IconSearch size={15} aria-hidden />}
        value={text}
        maxLength={253}
        onChange={(event) => void domains.getState().change({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      <StatusFilters />
      {text.trim().length > 0 && text.trim().length < 3 ? (
        <span className={classes.quiet}>{t('domains.shortSearch', { text: text.trim() })}</span>
      ) : null}
    </div>
  )
}
