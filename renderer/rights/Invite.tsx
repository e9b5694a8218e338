import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import { type Rights, type Role, roles } from '../../preload/people-shapes.ts'
import { locales } from '../../preload/shapes.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useLocale } from '../parts/locale.ts'
import { tell } from '../parts/tell.ts'
import { useStores } from '../stores.ts'

type Props = { rights: Rights; close: () => void; given: (rights: Rights, mail: MailOutcome) => void }

/** Somebody known gets the access at once; anybody else is invited by mail. */
export function Invite({ rights: { domain, grantable }, close, given }: Props) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const mine = useLocale()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const role: Role = grantable.includes('administrator') ? 'administrator' : 'viewer'
  const form = useForm({ initialValues: { email: '', role, locale: mine } })

  async function give(values: typeof form.values) {
    setBusy(true)
    setFailure(null)
    const reply = await bridge['accesses.grant']({ domain, ...values })
    setBusy(false)
    if (!reply.ok) return setFailure(reply.failure)
    const { outcome, rights, mail } = reply.value
    tell(t, t(outcome === 'access' ? 'rights.givenAccess' : 'rights.invited', { email: values.email }))
    given(rights, mail)
    close()
  }
  return (
    <Modal
      opened
      onClose={close}
      title={t('rights.giveOn', { domain })}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <form onSubmit={form.onSubmit((values) => void give(values))}>
        <Stack gap="sm">
          <TextInput
            label={t('rights.email')}
            description={t('rights.emailHint')}
            type="email"
            required
            data-autofocus
            {...form.getInputProps('email')}
          />
          <Select
            label={t('rights.column.role')}
            description={t(`rights.roleMeans.${form.values.role}`)}
            data={roles
              .filter((one) => grantable.includes(one))
              .map((value) => ({ value, label: t(`rights.role.${value}`) }))}
            allowDeselect={false}
            {...form.getInputProps('role')}
          />
          <Select
            label={t('mail.language')}
            data={locales.map((value) => ({ value, label: t(`mail.locale.${value}`) }))}
            allowDeselect={false}
            {...form.getInputProps('locale')}
          />
          {failure ? <FailureCard failure={failure} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('app.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('rights.give')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
