import { Button, Checkbox, Group, Modal, Stack, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { AliasResult } from '../../preload/mailbox-shapes.ts'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useStores } from '../stores.ts'
import classes from './aliases.module.css'
import { nameOf } from './destination.ts'

/** A new alias with one or more destinations: each is one call to dimail, with a result of its own. */
export function NewAlias({
  domain,
  localPart = '',
  close,
}: {
  domain: string
  /** Given: destinations are added to this alias. */
  localPart?: string
  close: () => void
}) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [results, setResults] = useState<AliasResult[] | null>(null)
  const form = useForm({ initialValues: { localPart, destinations: [] as string[], allowToSend: false } })

  async function create(values: typeof form.values) {
    setBusy(true)
    setFailure(null)
    const reply = await bridge['aliases.create']({ domain, ...values })
    setBusy(false)
    if (!reply.ok) return setFailure(reply.failure)
    setResults(reply.value.results)
    // What could not be made stays in the form, to be corrected and sent again.
    const left = reply.value.results.filter((result) => result.failure !== null)
    form.setFieldValue(
      'destinations',
      left.map(({ destination }) => destination),
    )
  }
  const refused = results?.some((result) => result.failure !== null) ?? false
  return (
    <Modal
      opened
      onClose={close}
      title={t(localPart === '' ? 'aliases.new' : 'aliases.add')}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <form onSubmit={form.onSubmit((values) => void create(values))}>
        <Stack gap="sm">
          <TextInput
            label={t('aliases.localPart')}
            rightSection={<span className={classes.quiet}>@{domain}</span>}
            rightSectionWidth={`min(55%, ${domain.length + 3}ch)`}
            readOnly={localPart !== ''}
            data-autofocus={localPart === ''}
            required
            {...form.getInputProps('localPart')}
          />
          <TagsInput
            label={t('aliases.destinations')}
            description={t('aliases.destinationsHint')}
            splitChars={[',', ';', ' ', '\n']}
            acceptValueOnBlur
            data-autofocus={localPart !== ''}
            required
            {...form.getInputProps('destinations')}
          />
          <Group gap="xs">
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => {
                const { destinations } = form.values
                if (!destinations.includes('devnull@devnull'))
                  form.setFieldValue('destinations', [...destinations, 'devnull@devnull'])
              }}
            >
              {t('aliases.discard')}
            </Button>
          </Group>
          <Checkbox
            label={t('aliases.allowToSend')}
            {...form.getInputProps('allowToSend', { type: 'checkbox' })}
          />
          {failure ? <FailureCard failure={failure} /> : null}
          {results ? <Results results={results} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t(results === null ? 'app.cancel' : 'app.close')}
            </Button>
            {results === null || refused ? (
              <Button type="submit" loading={busy} disabled={form.values.destinations.length === 0}>
                {t(refused ? 'aliases.again' : 'aliases.create')}
              </Button>
            ) : null}
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Results({ results }: { results: readonly AliasResult[] }) {
  const { t } = useTranslation()
  return (
    <ul className={classes.results} aria-label={t('aliases.results')}>
      {results.map(({ destination, failure }) => (
        <li key={destination}>
          {failure === null ? (
            <span role="status">
              {t('aliases.made')} <External>{nameOf(destination, t)}</External>
            </span>
          ) : (
            <FailureCard failure={failure}>
              <strong>
                <External>{destination}</External>
              </strong>
            </FailureCard>
          )}
        </li>
      ))}
    </ul>
  )
}
