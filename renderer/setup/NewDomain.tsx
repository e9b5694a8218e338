import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { DomainPreview } from '../../preload/people-shapes.ts'
import { sentenceOf } from '../i18n/index.ts'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { tell } from '../parts/tell.ts'
import { useStores } from '../stores.ts'

/** Creates a domain at dimail, or takes up one that is there and not here. What was typed survives a refusal. */
export function NewDomain({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { bridge, app } = useStores()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const form = useForm({ initialValues: { name: '', supportEmail: '' } })
  const preview = usePreview(form.values.name)
  const atDimail = failure?.reason === 'domain-at-dimail'

  async function create(adopt: boolean) {
    const { name, supportEmail } = form.values
    setBusy(true)
    setFailure(null)
    const input = { name, supportEmail: supportEmail.trim() === '' ? null : supportEmail }
    const reply = await bridge[adopt ? 'domains.adopt' : 'domains.create'](input)
    setBusy(false)
    if (!reply.ok) return setFailure(reply.failure)
    close()
    tell(t, t(reply.value.missing.length > 0 ? 'setup.begun' : 'setup.made', { name: reply.value.name }))
    app.getState().go({ view: 'domain', name: reply.value.name })
  }
  return (
    <Modal opened onClose={close} title={t('setup.new')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <form onSubmit={form.onSubmit(() => void create(false))}>
        <Stack gap="sm">
          <TextInput
            label={t('setup.name')}
            description={t('setup.nameHint')}
            placeholder="commune.example"
            required
            data-autofocus
            {...form.getInputProps('name')}
            error={preview?.failure ? sentenceOf(t, preview.failure) : null}
          />
          <p role="status">
            {preview && preview.failure === null ? (
              <Reading preview={preview} typed={form.values.name} />
            ) : null}
          </p>
          <TextInput
            label={t('setup.supportEmail')}
            description={t('setup.supportHint')}
            type="email"
            {...form.getInputProps('supportEmail')}
          />
          <p>{t('setup.what')}</p>
          {failure ? <FailureCard failure={failure} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('app.cancel')}
            </Button>
            {atDimail ? (
              <Button loading={busy} onClick={() => void create(true)}>
                {t('setup.adopt')}
              </Button>
            ) : (
              <Button
                type="submit"
                loading={busy}
                disabled={!preview || preview.failure !== null || preview.known}
              >
                {t('setup.create')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** What dimail will be asked for, when that is not what was typed; and whether it is known. */
function Reading({ preview: { ascii, unicode, known }, typed }: { preview: DomainPreview; typed: string }) {
  const { t } = useTranslation()
  if (known) return t('setup.known')
  if (ascii === typed.trim() && unicode === ascii) return null
  return (
    <>
      {t('setup.asked')} <External>{ascii}</External>
      {unicode === ascii ? null : (
        <>
          {' '}
          (<External>{unicode}</External>)
        </>
      )}
    </>
  )
}

function usePreview(name: string): DomainPreview | null {
  const { bridge } = useStores()
  const [preview, setPreview] = useState<DomainPreview | null>(null)
  const [settled] = useDebouncedValue(name, 150)
  useEffect(() => {
    let current = true
    if (settled.trim() === '') setPreview(null)
    else
      void bridge['domains.preview']({ name: settled.slice(0, 1000) }).then((reply) => {
        if (current) setPreview(reply.ok ? reply.value : null)
      })
    return () => {
      current = false
    }
  }, [settled, bridge])
  return preview
}
