import { Anchor, Button, Title } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import type { Message } from '../../preload/people-shapes.ts'
import classes from '../app/app.module.css'
import { sentenceOf } from '../i18n/index.ts'
import { Ago } from '../parts/Ages.tsx'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { tell, tellFailure } from '../parts/tell.ts'
import { VirtualTable } from '../parts/VirtualTable.tsx'
import { useStores } from '../stores.ts'
import { MailNews } from './MailNews.tsx'

/** What the console wrote to people, latest first: never the words, which may open a mailbox. */
export function MessagesPage() {
  const { t } = useTranslation()
  const { bridge, app } = useStores()
  const [messages, setMessages] = useState<Message[] | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [draft, setDraft] = useState<{ domain: string; outcome: MailOutcome } | null>(null)
  const read = useCallback(async () => {
    const reply = await bridge['mail.list']({ domain: null, limit: 500 })
    if (reply.ok) setMessages(reply.value)
    setFailure(reply.ok ? null : reply.failure)
  }, [bridge])
  useEffect(() => {
    void read()
    return bridge.on('mail.changed', () => void read())
  }, [bridge, read])

  async function again({ domain, id }: Message) {
    const reply = await bridge['mail.resend']({ domain, id })
    if (!reply.ok) return tellFailure(reply.failure)
    const outcome = reply.value
    setDraft(outcome.state === 'draft' ? { domain, outcome } : null)
    if (outcome.state === 'sent') tell(t, t('mail.sentAgain'))
    if (outcome.failure) tellFailure(outcome.failure)
  }
  return (
    <div className={classes.page}>
      <div className={classes.title}>
        <Title order={1}>{t('nav.messages')}</Title>
        <span className={classes.quiet}>{t('mail.hint')}</span>
      </div>
      {failure ? <FailureCard failure={failure} /> : null}
      {draft ? <MailNews domain={draft.domain} outcome={draft.outcome} /> : null}
      {messages?.length === 0 ? <p className={classes.quiet}>{t('mail.none')}</p> : null}
      {messages && messages.length > 0 ? (
        <VirtualTable
          label={t('nav.messages')}
          columns={[
            { id: 'at', label: t('mail.column.at'), width: 110 },
            { id: 'kind', label: t('mail.column.kind'), width: 160 },
            { id: 'to', label: t('mail.column.to') },
            { id: 'about', label: t('mail.column.about') },
            { id: 'state', label: t('mail.column.state'), width: 170 },
            { id: 'act', label: t('rights.column.act'), width: 110 },
          ]}
          count={messages.length}
          rowHeight={46}
          height="calc(100vh - 158px)"
          keyOf={(index) => messages[index]?.id ?? index}
          cells={(index) => {
            const message = messages[index]
            if (!message) return null
            return (
              <>
                <td>
                  <Ago at={message.at} />
                </td>
                <td>{t(`mail.kind.${message.kind}`)}</td>
                <td>
                  <External>{message.to}</External>
                </td>
                <td>
                  {message.domain === '' ? null : (
                    <Anchor
                      component="button"
                      size="sm"
                      onClick={() => app.getState().go({ view: 'domain', name: message.domain })}
                    >
                      <External>{message.about}</External>
                    </Anchor>
                  )}
                </td>
                <td>
                  {t(`mail.state.${message.state}`)}
                  {message.failure ? (
                    <div className={classes.quiet}>{sentenceOf(t, message.failure)}</div>
                  ) : null}
                </td>
                <td>
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={t('mail.againTo', { to: message.to })}
                    onClick={() => void again(message)}
                  >
                    {t('mail.again')}
                  </Button>
                </td>
              </>
            )
          }}
        />
      ) : null}
    </div>
  )
}
