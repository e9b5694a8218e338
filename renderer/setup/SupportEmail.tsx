import { Anchor, Button, Group, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { Domain } from '../../preload/shapes.ts'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useStores } from '../stores.ts'

/** Whom the console writes to when the domain's status changes; known to this console alone. */
export function SupportEmail({ domain, mayChange }: { domain: Domain; mayChange: boolean }) {
  const { t } = useTranslation()
  const [editing, setEditing] = useState(false)
  const change = (
    <Anchor component="button" size="sm" onClick={() => setEditing(true)}>
      {t(domain.supportEmail === null ? 'setup.addSupport' : 'setup.changeSupport')}
    </Anchor>
  )
  return (
    <>
      {domain.supportEmail === null ? (
        t('setup.noSupport')
      ) : (
        <>
          {t('setup.support')} <External>{domain.supportEmail}</External>
        </>
      )}{' '}
      {mayChange ? change : null}
      {editing ? <Edit domain={domain} close={() => setEditing(false)} /> : null}
    </>
  )
}

function Edit({ domain, close }: { domain: Domain; close: () => void }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [email, setEmail] = useState(domain.supportEmail ?? '')
  const [failure, setFailure] = useState<Failure | null>(null)
  async function save() {
    const reply = await bridge['domains.setSupportEmail']({
      name: domain.name,
      email: email.trim() === '' ? null : email,
    })
    if (reply.ok) close()
    else setFailure(reply.failure)
  }
  return (
    <Modal
      opened
      onClose={close}
      title={t('setup.supportEmail')}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <TextInput
          label={t('setup.supportEmail')}
          description={t('setup.supportHint')}
          type="email"
          value={email}
          data-autofocus
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        {failure ? <FailureCard failure={failure} /> : null}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>
            {t('app.cancel')}
          </Button>
          <Button type="submit">{t('app.save')}</Button>
        </Group>
      </form>
    </Modal>
  )
}
