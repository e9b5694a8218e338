import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { DomainPage } from '../domain/DomainPage.tsx'
import { DomainsPage } from '../domains/DomainsPage.tsx'
import { JobDrawer } from '../jobs/JobDrawer.tsx'
import { JobsPage } from '../jobs/JobsPage.tsx'
import { JournalPage } from '../journal/JournalPage.tsx'
import { MessagesPage } from '../mail/MessagesPage.tsx'
import { OutboxPage } from '../outbox/OutboxPage.tsx'
import { visible } from '../parts/external-text.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { untellAll } from '../parts/tell.ts'
import { SandboxPage } from '../sandbox/SandboxPage.tsx'
import { SettingsPage } from '../settings/SettingsPage.tsx'
import { useApp, useStores } from '../stores.ts'
import classes from './app.module.css'
import { Banners } from './Banners.tsx'
import { Header } from './Header.tsx'
import { Palette } from './Palette.tsx'
import { Shortcuts } from './Shortcuts.tsx'
import { Sidebar } from './Sidebar.tsx'
import { Welcome } from './Welcome.tsx'

export function App() {
  const profile = useApp((state) => state.app?.profile?.id)
  const trouble = useApp((state) => state.trouble)
  const { t } = useTranslation()
  useProfileStores(profile)
  useTitle()
  if (profile === undefined) {
    return (
      <main>
        {trouble ? <FailureCard failure={trouble} /> : null}
        <Welcome />
      </main>
    )
  }
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
    </div>
  )
}

function Place() {
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
    case 'messages':
      return <MessagesPage />
    case 'outbox':
      return <OutboxPage />
    case 'sandbox':
      return <SandboxPage />
    case 'settings':
      return <SettingsPage />
  }
}

/** The window's name tells where the agent is, among other windows and to screen readers. */
function useTitle(): void {
  const { t } = useTranslation()
  const place = useApp((state) => (state.app?.profile ? state.place : null))
  const here =
    place === null ? '' : `${place.view === 'domain' ? visible(place.name) : t(`nav.${place.view}`)} – `
  useEffect(() => {
    document.title = `${here}${t('app.name')}`
  }, [here, t])
}

/** Another profile is another world: every store is read again from it. */
function useProfileStores(profile: string | undefined): void {
  const { app, domains, jobs } = useStores()
  useEffect(() => {
    if (profile === undefined) return
    let current = true
    void domains
      .getState()
      .restore()
      .then(() => {
        const { open } = domains.getState().view
        const stayed = current && app.getState().place.view === 'domains'
        if (stayed && open !== null) app.getState().go({ view: 'domain', name: open })
      })
    void jobs.getState().load()
    return () => {
      current = false
      untellAll()
    }
  }, [profile, app, domains, jobs])
}
