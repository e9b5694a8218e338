import { lazy, Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { WatchesPage } from '../dns/WatchesPage.tsx'
import { DomainPage } from '../domain/DomainPage.tsx'
import { DomainsPage } from '../domains/DomainsPage.tsx'
import { JobDrawer } from '../jobs/JobDrawer.tsx'
import { JobsPage } from '../jobs/JobsPage.tsx'
import { JournalPage } from '../journal/JournalPage.tsx'
import { MessagesPage } from '../mail/MessagesPage.tsx'
import { OutboxPage } from '../outbox/OutboxPage.tsx'
import { visible } from '../parts/external-text.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { SandboxPage } from '../sandbox/SandboxPage.tsx'
import { AskDialog } from '../session/AskDialog.tsx'
import { RightsAsk } from '../session/RightsAsk.tsx'
import { readerOf } from '../session/reader.ts'
import { SessionGate } from '../session/SessionGate.tsx'
import { SettingsPage } from '../settings/SettingsPage.tsx'
import { useApp } from '../stores.ts'
import classes from './app.module.css'
import { Banners } from './Banners.tsx'
import { Header } from './Header.tsx'
import { Palette } from './Palette.tsx'
import { Shortcuts } from './Shortcuts.tsx'
import { Sidebar } from './Sidebar.tsx'
import { Welcome } from './Welcome.tsx'

// The console opens sooner without the pages that few agents open.
const ProvisioningPage = lazy(async () => ({
  default: (await import('../provisioning/ProvisioningPage.tsx')).ProvisioningPage,
}))
const ProfilePage = lazy(async () => ({ default: (await import('../profiles/ProfilePage.tsx')).ProfilePage }))

export function App() {
  const profile = useApp((state) => state.app?.profile?.id)
  const reader = useApp(readerOf)
  const isTold = useApp((state) => state.session !== null)
  const gated = useRef(false)
  useTitle()
  if (profile === undefined) return <Outside />
  if (reader === null && isTold) gated.current = true
  // Another person's pages are other pages: nothing that they held is taken over.
  return reader === null ? <Gated /> : <Console key={reader} afterGate={gated.current} />
}

/** No profile is open: one is chosen, or made. */
function Outside() {
  const trouble = useApp((state) => state.trouble)
  return (
    <main>
      {trouble ? <FailureCard failure={trouble} /> : null}
      <Welcome />
    </main>
  )
}

/** A profile is open and nobody may read it yet: who it is, and how to sign in. */
function Gated() {
  const { t } = useTranslation()
  const trouble = useApp((state) => state.trouble)
  const place = useApp((state) => state.place)
  return (
    <div className={classes.frame} data-gated>
      <a className={classes.skip} href="#content">
        {t('app.skip')}
      </a>
      <Header gated />
      <main className={classes.main} id="content" tabIndex={-1}>
        <Banners />
        {trouble ? <FailureCard failure={trouble} /> : null}
        {place.view === 'profile' ? <Place /> : <SessionGate />}
      </main>
    </div>
  )
}

/** `afterGate`: it comes in place of a page that had the keyboard. */
function Console({ afterGate }: { afterGate: boolean }) {
  const { t } = useTranslation()
  useFocusKept(afterGate)
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#content">
        {t('app.skip')}
      </a>
      <Header />
      <Sidebar />
      <main className={classes.main} id="content" tabIndex={-1}>
        <Banners />
        <Place />
      </main>
      <JobDrawer />
      <Palette />
      <Shortcuts />
      <RightsAsk />
      <AskDialog />
    </div>
  )
}

function Place() {
  const { t } = useTranslation()
  return (
    <Suspense fallback={<p>{t('domains.loading')}</p>}>
      <Pages />
    </Suspense>
  )
}

function Pages() {
  const place = useApp((state) => state.place)
  switch (place.view) {
    case 'domains':
      return <DomainsPage />
    case 'domain':
      return <DomainPage name={place.name} />
    case 'jobs':
      return <JobsPage />
    case 'journal':
      return <JournalPage />
    case 'watches':
      return <WatchesPage />
    case 'messages':
      return <MessagesPage />
    case 'outbox':
      return <OutboxPage />
    case 'sandbox':
      return <SandboxPage />
    case 'provisioning':
      return <ProvisioningPage />
    case 'profile':
      return <ProfilePage id={place.id} />
    case 'settings':
      return <SettingsPage {...(place.section ? { section: place.section } : {})} />
  }
}

/** The window's name tells where the agent is, among other windows and to screen readers. */
function useTitle(): void {
  const { t } = useTranslation()
  const place = useApp((state) => (readerOf(state) === null ? null : state.place))
  const here =
    place === null ? '' : `${place.view === 'domain' ? visible(place.name) : t(`nav.${place.view}`)} – `
  useEffect(() => {
    document.title = `${here}${t('app.name')}`
  }, [here, t])
}

/**
 * A page that comes leaves the keyboard somewhere: in its own place, or at its beginning. The first of all leaves it
 * where the window has it, before the way to skip to the content.
 */
function useFocusKept(afterGate: boolean): void {
  const place = useApp((state) => state.place)
  const isFirst = useRef(!afterGate)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `place` is what comes.
  useEffect(() => {
    const stays = isFirst.current
    isFirst.current = false
    if (stays) return
    if (document.activeElement === document.body || document.activeElement === null)
      document.getElementById('content')?.focus()
  }, [place])
}
