import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { WaitingMailbox } from '../../preload/mailbox-shapes.ts'
import { External } from '../parts/External.tsx'
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

/** Corrects a mailbox that is not at dimail yet: everything but its domain. */
export function EditWaiting({ mailbox, close }: { mailbox: WaitingMailbox; close: () => void }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const { id, domain, localPart, givenName, surName, displayName, secondaryEmail } = mailbox
  const form = useMailboxForm({
    ...{ localPart, givenName, surName, secondaryEmail: secondaryEmail ?? '' },
    displayName: displayName === `${givenName} ${surName}` ? '' : displayName,
  })
  const atField = useFailureAtField(form)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(mailbox.failure)
  async function save(typed: Typed) {
    setBusy(true)
    setFailure(null)
    const reply = await bridge['mailboxes.edit']({
      id,
      domain,
      localPart: typed.localPart,
      ...namesOf(typed),
    })
    setBusy(false)
    if (reply.ok) {
      tell(t, t('waiting.saved'))
      close()
    } else if (!atField(reply.failure)) setFailure(reply.failure)
  }
  return (
    <Modal
      opened
      onClose={close}
      title={<External>{id}</External>}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <form className={classes.form} onSubmit={form.onSubmit((typed) => void save(typed))} noValidate>
        <NameFields form={form} autofocus />
        <LocalPartField form={form} domain={domain} />
        <DisplayNameField form={form} />
        <SecondaryField form={form} />
        {failure ? <FailureCard failure={failure} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('mailbox.save')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
