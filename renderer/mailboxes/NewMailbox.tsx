import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { Creation } from '../../preload/mailbox-shapes.ts'
import type { Domain } from '../../preload/shapes.ts'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useStores } from '../stores.ts'
import {
  LocalPartField,
  MoreFields,
  NameFields,
  namesOf,
  SecondaryField,
  type Typed,
  useFailureAtField,
  useMailboxForm,
} from './MailboxFields.tsx'
import classes from './mailboxes.module.css'
import { OneTimePassword } from './OneTime.tsx'

/** A new mailbox. What was typed survives a failure; the password goes with the dialog. */
export function NewMailbox({ domain, close }: { domain: Domain; close: () => void }) {
  const { t } = useTranslation()
  const [made, setMade] = useState<Creation | null>(null)
  return (
    <Modal
      opened
      onClose={close}
      // A password that is shown once does not go with a click beside it.
      closeOnClickOutside={false}
      title={made ? t(`mailbox.${made.outcome}`) : t('mailbox.new', { domain: domain.name })}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {made === null ? (
        <Form domain={domain} close={close} done={setMade} />
      ) : (
        <Made made={made} domain={domain} close={close} again={() => setMade(null)} />
      )}
    </Modal>
  )
}

function Form({
  domain,
  close,
  done,
}: {
  domain: Domain
  close: () => void
  done: (made: Creation) => void
}) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const form = useMailboxForm()
  const atField = useFailureAtField(form)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  async function create(typed: Typed) {
    setBusy(true)
    setFailure(null)
    const { localPart, locale } = typed
    const reply = await bridge['mailboxes.create']({
      domain: domain.name,
      localPart,
      ...namesOf(typed),
      ...(locale === '' ? {} : { locale }),
    })
    setBusy(false)
    if (reply.ok) return done(reply.value)
    if (!atField(reply.failure)) setFailure(reply.failure)
  }
  return (
    <form className={classes.form} onSubmit={form.onSubmit((typed) => void create(typed))} noValidate>
      <NameFields form={form} autofocus />
      <LocalPartField form={form} domain={domain.name} />
      <SecondaryField form={form} />
      <MoreFields form={form} />
      <p className={classes.quiet}>
        {t(domain.status === 'enabled' ? 'mailbox.atOnce' : 'mailbox.whenEnabled')}
      </p>
      {failure ? <FailureCard failure={failure} /> : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button type="submit" loading={busy}>
          {t('mailbox.create')}
        </Button>
      </Group>
    </form>
  )
}

function Made({
  made,
  domain,
  close,
  again,
}: {
  made: Creation
  domain: Domain
  close: () => void
  again: () => void
}) {
  const { t } = useTranslation()
  return (
    <>
      {made.outcome === 'created' ? (
        <OneTimePassword made={made} said={t('mailbox.createdSaid')} />
      ) : (
        <p role="status">
          <External>{made.mailbox.id}</External> –{' '}
          {t('mailbox.keptSaid', { status: t(`status.${domain.status}`) })}
        </p>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={again}>
          {t('mailbox.another')}
        </Button>
        <Button onClick={close} data-autofocus>
          {t('app.close')}
        </Button>
      </Group>
    </>
  )
}
