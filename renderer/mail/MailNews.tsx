import { Button, Group, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import { CopyButton } from '../parts/CopyButton.tsx'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { tellFailure } from '../parts/tell.ts'
import { useStores } from '../stores.ts'

/** What became of the message that an act sends: gone, failed and to be sent again, or to be sent by hand. */
export function MailNews({ domain, outcome }: { domain: string; outcome: MailOutcome }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [now, setNow] = useState(outcome)
  const [busy, setBusy] = useState(false)
  const { id } = now
  async function again() {
    if (id === null) return
    setBusy(true)
    const reply = await bridge['mail.resend']({ domain, id })
    setBusy(false)
    if (reply.ok) setNow(reply.value)
    else tellFailure(reply.failure)
  }
  if (now.state === 'none') return null
  if (now.state === 'sent') {
    return (
      <p role="status">
        {t('mail.sentTo')} <External>{now.to ?? ''}</External>.
      </p>
    )
  }
  if (now.state === 'draft' && now.draft !== null) return <Draft draft={now.draft} />
  return (
    <>
      {now.failure ? <FailureCard failure={now.failure}>{t('mail.notSent')}</FailureCard> : null}
      <Group mt="xs">
        <Button size="compact-sm" variant="default" loading={busy} onClick={() => void again()}>
          {t('mail.again')}
        </Button>
      </Group>
    </>
  )
}

/** Without a mail server the agent sends it: copied, or opened in the mail program of this computer. */
function Draft({ draft: { to, subject, text } }: { draft: NonNullable<MailOutcome['draft']> }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  async function compose() {
    const reply = await bridge['mail.compose']({ to, subject, text })
    if (!reply.ok) tellFailure(reply.failure)
  }
  return (
    <div>
      <p>
        {t('mail.draft')} <External>{to}</External>
      </p>
      <Textarea readOnly autosize minRows={4} maxRows={12} label={subject} value={text} data-own-keys />
      <Group mt="xs">
        <Button size="compact-sm" onClick={() => void compose()}>
          {t('mail.compose')}
        </Button>
        <CopyButton text={`${subject}\n\n${text}`} label={t('mail.copyDraft')} />
      </Group>
    </div>
  )
}
