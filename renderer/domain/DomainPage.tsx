import { Tabs, VisuallyHidden } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../preload/shapes.ts'
import { AliasesTab } from '../aliases/AliasesTab.tsx'
import { domainTabs } from '../app/store.ts'
import { DnsTab } from '../dns/DnsTab.tsx'
import { LetterDialog } from '../dns/LetterDialog.tsx'
import { MailboxesTab } from '../mailboxes/MailboxesTab.tsx'
import { useAgo } from '../parts/Ages.tsx'
import { External } from '../parts/External.tsx'
import { visibleLines } from '../parts/external-text.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { RightsTab } from '../rights/RightsTab.tsx'
import { SetupCard } from '../setup/SetupCard.tsx'
import { useApp, useDomain, useStores } from '../stores.ts'
import { Attributes } from './Attributes.tsx'
import { Checks } from './Checks.tsx'
import { DomainHead } from './DomainHead.tsx'
import classes from './domain.module.css'
import { History } from './History.tsx'
import { LastRepair } from './LastRepair.tsx'
import { SentenceCard } from './SentenceCard.tsx'

/** Everything about one domain on one page. */
export function DomainPage({ name }: { name: string }) {
  const { domain: store, dns, bridge } = useStores()
  const domain = useDomain((state) => state.domain)
  const missing = useDomain((state) => state.missing)
  const { t } = useTranslation()
  useEffect(() => {
    void store.getState().open(name)
    // What is kept of its DNS stands beside what dimail said of it.
    void dns.getState().open(name)
  }, [name, store, dns])
  useEffect(() => {
    if (domain) void bridge['app.painted']({ view: 'domain', rows: domain.checks.length })
  }, [domain, bridge])
  if (missing) {
    return (
      <div className={classes.page}>
        <FailureCard failure={missing}>{<External>{name}</External>}</FailureCard>
      </div>
    )
  }
  if (domain?.name !== name) return <p className={classes.page}>{t('domains.loading')}</p>
  return (
    <div className={classes.page}>
      <DomainHead domain={domain} />
      <Troubles domain={domain} />
      {domain.setup ? <SetupCard key={domain.name} setup={domain.setup} /> : null}
      <SentenceCard domain={domain} />
      <Parts domain={domain} />
      <LetterDialog key={`letter ${domain.name}`} domain={domain} />
    </div>
  )
}

/** What just failed, and how old what follows therefore is. */
function Troubles({ domain }: { domain: Domain }) {
  const { t } = useTranslation()
  const failure = useDomain((state) => state.failure)
  const done = useDomain((state) => state.done)
  const ago = useAgo()
  const { attempt, checkedAt, fetchedAt } = domain
  return (
    <>
      <VisuallyHidden role="status">
        {done === 'checked' ? t('domain.checked', { status: t(`status.${domain.status}`) }) : null}
        {done === 'asked' ? t('domain.asked') : null}
      </VisuallyHidden>
      {attempt ? (
        <FailureCard
          failure={attempt.failure}
          after={
            checkedAt === null
              ? t('domain.lastListed', { ago: ago(fetchedAt) })
              : t('domain.lastGood', { ago: ago(checkedAt) })
          }
        >
          <span>{t('domain.attempt', { ago: ago(attempt.at) })}</span>
        </FailureCard>
      ) : null}
      {failure && failure.message !== attempt?.failure.message ? <FailureCard failure={failure} /> : null}
    </>
  )
}

function Parts({ domain }: { domain: Domain }) {
  const { t } = useTranslation()
  const ago = useAgo()
  const tab = useApp(({ place }) => (place.view === 'domain' ? place.tab : undefined))
  const text = useApp(({ place }) => (place.view === 'domain' ? place.text : undefined))
  const { app } = useStores()
  const { name } = domain
  function turn(value: string | null) {
    const chosen = domainTabs.find((one) => one === value)
    if (chosen) app.getState().go({ view: 'domain', name, tab: chosen })
  }
  return (
    // Sent here from the search, the agent is at another place of the same page.
    <Tabs value={tab ?? 'health'} onChange={turn} keepMounted={false}>
      <Tabs.List aria-label={t('domain.tabs.label')} mb="sm">
        <Tabs.Tab value="health">{t('domain.tabs.health')}</Tabs.Tab>
        <Tabs.Tab value="records">{t('domain.tabs.records')}</Tabs.Tab>
        <Tabs.Tab value="mailboxes">{t('domain.tabs.mailboxes')}</Tabs.Tab>
        <Tabs.Tab value="aliases">{t('domain.tabs.aliases')}</Tabs.Tab>
        <Tabs.Tab value="rights">{t('domain.tabs.rights')}</Tabs.Tab>
        <Tabs.Tab value="history">{t('domain.tabs.history')}</Tabs.Tab>
        <Tabs.Tab value="raw">{t('domain.tabs.raw')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="health">
        <div className={classes.columns}>
          <Checks checks={domain.checks} toDns={() => turn('records')} />
          <div className={classes.stack}>
            <Attributes provisioned={domain.provisioned} />
            <LastRepair repair={domain.lastRepair} />
            <History domain={domain} />
          </div>
        </div>
      </Tabs.Panel>
      <Tabs.Panel value="records">
        <DnsTab key={name} domain={domain} />
      </Tabs.Panel>
      <Tabs.Panel value="mailboxes">
        <MailboxesTab key={text ?? ''} domain={domain} {...(text === undefined ? {} : { text })} />
      </Tabs.Panel>
      <Tabs.Panel value="aliases">
        <AliasesTab key={text ?? ''} domain={domain} {...(text === undefined ? {} : { text })} />
      </Tabs.Panel>
      <Tabs.Panel value="rights">
        <RightsTab domain={domain} />
      </Tabs.Panel>
      <Tabs.Panel value="history">
        <History domain={domain} />
      </Tabs.Panel>
      <Tabs.Panel value="raw">
        <section className={classes.card} aria-labelledby="raw-title">
          <header>
            <h2 id="raw-title">{t('domain.raw')}</h2>
            <span className={classes.hint}>{t('domain.rawHint', { ago: ago(domain.fetchedAt) })}</span>
          </header>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard. */}
          <pre className={classes.raw} tabIndex={0}>
            {visibleLines(domain.raw)}
          </pre>
        </section>
      </Tabs.Panel>
    </Tabs>
  )
}
