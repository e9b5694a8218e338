import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { LoginLink, MailboxRow, PasswordReset } from '../../preload/mailbox-shapes.ts'
import { Confirm } from '../parts/Confirm.tsx'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useStores } from '../stores.ts'
import classes from './mailboxes.module.css'
import { OneTimeLink, OneTimePassword } from './OneTime.tsx'

export type Act = 'disable' | 'enable' | 'reset' | 'link'
type Outcome =
  | { is: 'none' }
  | { is: 'failed'; failure: Failure }
  | { is: 'password'; made: PasswordReset }
  | { is: 'link'; made: LoginLink }
  | { is: 'done'; act: 'disable' | 'enable' }

/** What can be done with a mailbox now; the first when it is enabled or of an activity that dimail does not tell. */
function actsFor({ status, kind }: MailboxRow): readonly Act[] {
  if (kind === 'technical' || status === 'gone') return []
  return status === 'disabled' ? ['enable'] : ['link', 'reset', 'disable']
}

type Props = {
  mailbox: MailboxRow
  blocked: string | null
  /** The act whose consequence is being said. */
  asking: Act | null
  setAsking: (act: Act | null) => void
}

/** The acts on a mailbox: each says what it needs and what it does before, and what came of it after. */
export function MailboxActs({ mailbox, blocked, asking, setAsking }: Props) {
  const { t } = useTranslation()
  const { busy, outcome, run } = useActs(mailbox)
  const { address, secondaryEmail, kind, status } = mailbox
  const acts = actsFor(mailbox)
  if (acts.length === 0)
    return <p className={classes.quiet}>{t(`mailbox.noActs.${kind === 'technical' ? kind : status}`)}</p>
  return (
    <section className={classes.part} aria-labelledby="mailbox-acts">
      <h3 id="mailbox-acts">{t('mailbox.acts')}</h3>
      <Group gap="xs">
        {acts.map((act) => (
          <Button
            key={act}
            size="compact-md"
            variant="default"
            disabled={blocked !== null || (busy !== null && busy !== act)}
            loading={busy === act}
            aria-describedby="cannot-act"
            onClick={() => setAsking(act)}
          >
            {t(`mailbox.act.${act}`)}
          </Button>
        ))}
      </Group>
      <p className={classes.quiet} id="cannot-act">
        {blocked}
      </p>
      <ShowOutcome outcome={outcome} />
      {acts.map((act) => (
        <Confirm
          key={act}
          severe={act === 'disable' || act === 'reset'}
          opened={asking === act}
          close={() => setAsking(null)}
          title={t(`mailbox.ask.${act}`)}
          what={
            <>
              <p>
                <External>{address}</External>
              </p>
              <p>{t(`mailbox.what.${act}`)}</p>
              {act === 'reset' || act === 'link' ? (
                <p>
                  {secondaryEmail === null ? t('mailbox.willTellYou') : t('mailbox.willMail')}{' '}
                  {secondaryEmail === null ? null : <External>{secondaryEmail}</External>}
                </p>
              ) : null}
            </>
          }
          act={t(`mailbox.act.${act}`)}
          confirm={() => void run(act)}
        />
      ))}
    </section>
  )
}

function useActs({ address, status, displayName }: MailboxRow) {
  const { bridge } = useStores()
  const [busy, setBusy] = useState<Act | null>(null)
  const [outcome, setOutcome] = useState<Outcome>({ is: 'none' })
  async function outcomeOf(act: Act): Promise<Outcome> {
    if (act === 'reset') {
      const reply = await bridge['mailboxes.resetPassword']({ address })
      return reply.ok ? { is: 'password', made: reply.value } : { is: 'failed', failure: reply.failure }
    }
    if (act === 'link') {
      const reply = await bridge['mailboxes.loginLink']({ address })
      return reply.ok ? { is: 'link', made: reply.value } : { is: 'failed', failure: reply.failure }
    }
    const reply = await bridge[`mailboxes.${act}`]({ address, seen: { status, displayName } })
    return reply.ok ? { is: 'done', act } : { is: 'failed', failure: reply.failure }
  }
  async function run(act: Act) {
    setBusy(act)
    setOutcome({ is: 'none' })
    setOutcome(await outcomeOf(act))
    setBusy(null)
  }
  return { busy, outcome, run }
}

function ShowOutcome({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation()
  switch (outcome.is) {
    case 'none':
      return null
    case 'failed':
      return <FailureCard failure={outcome.failure} />
    case 'password':
      return <OneTimePassword made={outcome.made} said={t('mailbox.resetSaid')} />
    case 'link':
      return <OneTimeLink made={outcome.made} />
    case 'done':
      return <p role="status">{t(`mailbox.done.${outcome.act}`)}</p>
  }
}
