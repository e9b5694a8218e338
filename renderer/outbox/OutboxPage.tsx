import { Button, Title } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { Followed, Received } from '../../preload/people-shapes.ts'
import app from '../app/app.module.css'
import { Ago } from '../parts/Ages.tsx'
import { External } from '../parts/External.tsx'
import { visibleLines } from '../parts/external-text.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { tellFailure } from '../parts/tell.ts'
import { useStores } from '../stores.ts'
import classes from './outbox.module.css'

const everyMs = 3000

/** What the sandbox's own mail server received: nothing of it has left this computer. */
export function OutboxPage() {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [received, setReceived] = useState<Received[] | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [open, setOpen] = useState<number | null>(null)
  const read = useCallback(async () => {
    const reply = await bridge['outbox.list']()
    if (reply.ok) setReceived(reply.value)
    setFailure(reply.ok ? null : reply.failure)
  }, [bridge])
  useEffect(() => {
    void read()
    // The mail server is another process, which tells nobody.
    const timer = setInterval(() => void read(), everyMs)
    const stop = bridge.on('mail.changed', () => void read())
    return () => {
      clearInterval(timer)
      stop()
    }
  }, [bridge, read])
  const chosen = received?.find(({ id }) => id === open) ?? received?.[0]
  return (
    <div className={app.page}>
      <div className={app.title}>
        <Title order={1}>{t('nav.outbox')}</Title>
        <span className={app.quiet}>{t('outbox.hint')}</span>
      </div>
      {failure ? <FailureCard failure={failure} /> : null}
      {received?.length === 0 ? <p className={app.quiet}>{t('outbox.none')}</p> : null}
      {received && chosen ? (
        <div className={classes.panes}>
          <ul className={classes.list} aria-label={t('nav.outbox')}>
            {received.map(({ id, to, subject, at }) => (
              <li key={id}>
                <button
                  type="button"
                  className={classes.item}
                  aria-current={id === chosen.id}
                  onClick={() => setOpen(id)}
                >
                  <strong>
                    <External>{subject}</External>
                  </strong>
                  <span>
                    <External>{to}</External>
                  </span>
                  <span className={app.quiet}>
                    <Ago at={at} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
          <Letter key={chosen.id} received={chosen} />
        </div>
      ) : null}
    </div>
  )
}

function Letter({ received: { id, from, to, subject, text, link } }: { received: Received }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [followed, setFollowed] = useState<Followed | null>(null)
  async function follow() {
    const reply = await bridge['outbox.follow']({ id })
    if (reply.ok) setFollowed(reply.value)
    else tellFailure(reply.failure)
  }
  return (
    <article className={app.card} aria-label={subject}>
      <h2>
        <External>{subject}</External>
      </h2>
      <p className={app.quiet}>
        {t('outbox.from')} <External>{from}</External> · {t('outbox.to')} <External>{to}</External>
      </p>
      <pre className={classes.text}>{visibleLines(text)}</pre>
      {link === null ? null : (
        <Button variant="default" onClick={() => void follow()}>
          {t('outbox.follow')}
        </Button>
      )}
      <p role="status">
        {followed
          ? t(`outbox.followed.${followed.outcome}`, {
              address: followed.address ?? '',
              count: followed.left,
            })
          : null}
      </p>
    </article>
  )
}
