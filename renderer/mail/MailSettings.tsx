import { Button, Group, NumberInput, PasswordInput, Select, Stack, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { MailOutcome } from '../../preload/mailbox-shapes.ts'
import type { MailState } from '../../preload/people-shapes.ts'
import { locales } from '../../preload/shapes.ts'
import classes from '../app/app.module.css'
import { FailureCard } from '../parts/FailureCard.tsx'
import { tell } from '../parts/tell.ts'
import { useStores } from '../stores.ts'
import { MailNews } from './MailNews.tsx'

/** How this profile sends mail and where its webmail is. */
export function MailSettings() {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [state, setState] = useState<MailState | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  useEffect(() => {
    let current = true
    const read = () =>
      void bridge['mail.read']().then((reply) => {
        if (!current) return
        if (reply.ok) setState(reply.value)
        else setFailure(reply.failure)
      })
    read()
    const stop = bridge.on('sandbox.changed', read)
    return () => {
      current = false
      stop()
    }
  }, [bridge])
  return (
    <section className={classes.card} aria-labelledby="mail-title">
      <Title order={2} mb="xs" id="mail-title">
        {t('mail.title')}
      </Title>
      {failure ? <FailureCard failure={failure} /> : null}
      {state?.builtIn ? <p>{t('mail.builtIn')}</p> : null}
      {state && !state.builtIn ? <Form state={state} saved={setState} /> : null}
      {state?.smtp ? <Trial /> : null}
    </section>
  )
}

function Form({ state, saved }: { state: MailState; saved: (state: MailState) => void }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [failure, setFailure] = useState<Failure | null>(null)
  const form = useForm({
    initialValues: {
      host: state.smtp?.host ?? '',
      port: state.smtp?.port ?? 587,
      security: state.smtp?.security ?? ('starttls' as const),
      username: state.smtp?.username ?? '',
      from: state.smtp?.from ?? '',
      password: '',
      webmail: state.webmail ?? '',
      locale: state.locale,
    },
  })
  async function save({ password, webmail, locale, ...smtp }: typeof form.values) {
    const reply = await bridge['mail.configure']({
      smtp: smtp.host.trim() === '' ? null : smtp,
      webmail: webmail.trim() === '' ? null : webmail,
      locale,
      password: password === '' ? null : password,
    })
    if (!reply.ok) return setFailure(reply.failure)
    setFailure(null)
    form.setFieldValue('password', '')
    saved(reply.value)
    tell(t, t('mail.saved'))
  }
  return (
    <form onSubmit={form.onSubmit((values) => void save(values))}>
      <Stack gap="sm">
        <TextInput
          label={t('mail.webmail')}
          description={t('mail.webmailHint')}
          placeholder="https://webmail.exemple.fr"
          {...form.getInputProps('webmail')}
        />
        <Group align="flex-end" grow>
          <TextInput
            label={t('mail.host')}
            description={t('mail.hostHint')}
            {...form.getInputProps('host')}
          />
          <NumberInput label={t('mail.port')} min={1} max={65_535} {...form.getInputProps('port')} />
        </Group>
        <Select
          label={t('mail.security')}
          data={(['tls', 'starttls', 'none'] as const).map((value) => ({
            value,
            label: t(`mail.securityIs.${value}`),
          }))}
          allowDeselect={false}
          {...form.getInputProps('security')}
        />
        <TextInput label={t('mail.username')} autoComplete="off" {...form.getInputProps('username')} />
        <PasswordInput
          label={t('mail.password')}
          description={t(state.hasPassword ? 'mail.passwordKept' : 'mail.passwordNone')}
          autoComplete="off"
          {...form.getInputProps('password')}
        />
        <TextInput label={t('mail.from')} type="email" {...form.getInputProps('from')} />
        <Select
          label={t('mail.language')}
          data={locales.map((value) => ({ value, label: t(`mail.locale.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('locale')}
        />
        {failure ? <FailureCard failure={failure} /> : null}
        <Group>
          <Button type="submit">{t('app.save')}</Button>
        </Group>
      </Stack>
    </form>
  )
}

function Trial() {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [to, setTo] = useState('')
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<MailOutcome | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  async function send() {
    setBusy(true)
    const reply = await bridge['mail.test']({ to })
    setBusy(false)
    setFailure(reply.ok ? null : reply.failure)
    setOutcome(reply.ok ? reply.value : null)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <Group align="flex-end" mt="md">
        <TextInput
          label={t('mail.testTo')}
          type="email"
          required
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={busy}>
          {t('mail.test')}
        </Button>
      </Group>
      {failure ? <FailureCard failure={failure} /> : null}
      {outcome ? <MailNews key={outcome.id} domain="" outcome={outcome} /> : null}
    </form>
  )
}
