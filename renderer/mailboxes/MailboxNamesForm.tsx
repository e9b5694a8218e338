import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { MailboxRow } from '../../preload/mailbox-shapes.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { tell } from '../parts/tell.ts'
import { useStores } from '../stores.ts'
import {
  DisplayNameField,
  LocalPartField,
  NameFields,
  namesOf,
  SecondaryField,
  type Typed,
  useFailureAtField,
  useMailboxForm,
} from './MailboxFields.tsx'
import classes from './mailboxes.module.css'

/** Why dimail takes no names for a mailbox; null when it does. */
function fixedBecause({ kind, status }: MailboxRow): 'functional' | 'technical' | 'disabled' | 'gone' | null {
  if (kind !== 'person') return kind
  return status === 'disabled' || status === 'gone' ? status : null
}

type Props = { mailbox: MailboxRow; mayChange: boolean; blocked: string | null }

/** The names, which are sent to dimail, and the secondary address, which is kept here. */
export function MailboxNamesForm({ mailbox, mayChange, blocked }: Props) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const { address, localPart, givenName, surName, displayName, secondaryEmail, status } = mailbox
  // A display name that is made of the names follows them.
  const own = displayName === `${givenName} ${surName}` ? '' : displayName
  const initial = { localPart, givenName, surName, displayName: own, secondaryEmail: secondaryEmail ?? '' }
  const form = useMailboxForm(initial)
  const atField = useFailureAtField(form)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const fixed = fixedBecause(mailbox)
  const closed = !mayChange || fixed === 'technical' || fixed === 'gone'
  const renames = form.isDirty('givenName') || form.isDirty('surName') || form.isDirty('displayName')
  const waits = renames ? blocked : null
  async function save(typed: Typed) {
    setBusy(true)
    setFailure(null)
    const seen = { status, displayName }
    // Names that were not touched go back as they are: nothing of them is then sent to dimail.
    const kept = renames ? {} : { givenName, surName, displayName }
    const reply = await bridge['mailboxes.update']({ address, ...namesOf(typed), ...kept, seen })
    setBusy(false)
    if (reply.ok) tell(t, t('mailbox.saved'))
    else if (!atField(reply.failure)) setFailure(reply.failure)
  }
  return (
    <form className={classes.form} onSubmit={form.onSubmit((typed) => void save(typed))} noValidate>
      {fixed === null ? null : <p className={classes.quiet}>{t(`mailbox.fixed.${fixed}`)}</p>}
      <LocalPartField form={form} domain={mailbox.domain} fixed />
      <NameFields form={form} readOnly={fixed !== null || !mayChange} />
      <DisplayNameField form={form} readOnly={fixed !== null || !mayChange} />
      <SecondaryField form={form} readOnly={closed} />
      {failure ? <FailureCard failure={failure} /> : null}
      {closed ? null : (
        <Group justify="flex-end">
          <span className={classes.quiet} id="cannot-save">
            {waits}
          </span>
          <Button
            type="submit"
            loading={busy}
            disabled={!form.isDirty() || waits !== null}
            aria-describedby="cannot-save"
          >
            {t('mailbox.save')}
          </Button>
        </Group>
      )}
    </form>
  )
}
