import { Button, PasswordInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { Connectivity, Notice } from '../../preload/shapes.ts'
import { readFleet } from '../domains/read-fleet.tsx'
import { sentenceOf } from '../i18n/index.ts'
import { useAgo, useDuration } from '../parts/Ages.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { KnownBanner } from '../session/KnownBanner.tsx'
import { RightsNews } from '../session/RightsNews.tsx'
import { readerOf } from '../session/reader.ts'
import { useApp, useStores } from '../stores.ts'
import classes from './app.module.css'

/**
 * What the agent must know whatever the page: no answer from dimail, credentials refused, rights that changed, something
 * put right. Where nobody reads, only what is about the program.
 */
export function Banners() {
  const isRead = useApp((state) => readerOf(state) !== null)
  const notices = useApp((state) => state.app?.notices)
  return (
    <>
      {isRead ? (
        <>
          <KnownBanner />
          <RightsNews />
          <Link />
        </>
      ) : null}
      {notices?.map((notice) => (
        <Told key={notice.id} notice={notice} />
      ))}
    </>
  )
}

/** What dimail's silence keeps the agent from. */
function Link() {
  const connectivity = useApp((state) => state.connectivity)
  const known = useApp((state) => state.session?.state !== 'signed-in')
  if (connectivity?.state === 'locked') return <Locked />
  if (connectivity?.state !== 'offline' && connectivity?.state !== 'not-answering') return null
  // Nothing is asked of dimail for somebody who is not proven.
  return known ? null : <Away state={connectivity.state} connectivity={connectivity} />
}

function Away({ state, connectivity }: { state: 'offline' | 'not-answering'; connectivity: Connectivity }) {
  const { t } = useTranslation()
  const { app } = useStores()
  const { failure } = connectivity
  const lasted = useDuration()(connectivity.since, true)
  const since = useAgo()
  return (
    <div className={classes.banner}>
      <div>
        <span role="alert">
          {t(`connectivity.banner.${state}`)}
          {failure && !repeats(state, failure) ? ` ${sentenceOf(t, failure)}` : null}
        </span>{' '}
        {t('connectivity.meanwhile')} {t('connectivity.lasting', { duration: lasted })}{' '}
        {connectivity.lastAnswerAt === null
          ? null
          : t('connectivity.lastAnswer', { ago: since(connectivity.lastAnswerAt) })}
      </div>
      <Button size="compact-sm" variant="default" onClick={() => void app.getState().retry()}>
        {t('connectivity.retry')}
      </Button>
    </div>
  )
}

/** Reasons that tell no more than that nobody answers, or that this computer is offline. */
const repeating: Record<'offline' | 'not-answering', readonly string[]> = {
  offline: ['other', 'breaker', 'dns', 'unreachable'],
  'not-answering': ['other', 'breaker'],
}
const repeats = (state: 'offline' | 'not-answering', { code, reason }: Failure) =>
  code === 'offline' && repeating[state].includes(reason)

function Locked() {
  const { t } = useTranslation()
  const { app } = useStores()
  const [password, setPassword] = useState('')
  const [failure, setFailure] = useState<Failure | null>(null)
  async function unlock() {
    setFailure(await app.getState().unlock(password))
  }
  return (
    <div className={classes.banner} role="alert">
      <span>{t('connectivity.banner.locked')}</span>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void unlock()
        }}
      >
        <PasswordInput
          aria-label={t('connectivity.password')}
          value={password}
          size="xs"
          w={200}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button size="compact-sm" type="submit" disabled={password === ''}>
          {t('connectivity.unlock')}
        </Button>
      </form>
      {failure ? <FailureCard failure={failure} /> : null}
    </div>
  )
}

function Told({ notice }: { notice: Notice }) {
  const { t } = useTranslation()
  const stores = useStores()
  const { app } = stores
  const dismiss = () => void app.getState().dismiss(notice.id)
  /** The domain whose DNS has come. */
  const settled = notice.reason.startsWith('dns-settled') ? notice.details.domain : undefined
  return (
    <div className={classes.banner} role="status">
      <span>
        {t(`notice.${notice.reason}`, notice.details)} {notice.failure ? sentenceOf(t, notice.failure) : null}
      </span>
      {notice.reason === 'fleet-shrunk' ? (
        <Button size="compact-sm" variant="default" onClick={() => void readFleet(t, stores, true)}>
          {t('notice.fleet-accept')}
        </Button>
      ) : null}
      {settled === undefined ? null : (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => app.getState().go({ view: 'domain', name: settled, tab: 'records' })}
        >
          {t('notice.openDomain')}
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={dismiss}>
        {t('notice.dismiss')}
      </Button>
    </div>
  )
}
