import { ActionIcon, Button, Group, NativeSelect, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ExpectedRecord } from '../../preload/shapes.ts'
import { useRehearsal, useStores } from '../stores.ts'
import own from './rehearsal.module.css'
import { mostPublished } from './rehearsal-store.ts'

/** What a town publishes for its mail; the others of a zone are in nobody's way. */
const types = ['mx', 'txt', 'cname', 'a', 'aaaa', 'srv', 'caa', 'ns']

type Props = { domain: string; expected: readonly ExpectedRecord[] }

/** Records to publish besides the proposal, typed by the agent. */
export function PublishFields({ domain, expected }: Props) {
  const { t } = useTranslation()
  const { rehearsal: store } = useStores()
  const publish = useRehearsal((state) => state.publish)
  const { add, type: typed, remove } = store.getState()
  return (
    <fieldset className={own.choices}>
      <legend>{t('dns.rehearsal.publish')}</legend>
      {publish.map(({ id, target, type, value }, index) => (
        <div key={id} className={own.publish}>
          <NativeSelect
            size="xs"
            aria-label={t('dns.rehearsal.type', { line: index + 1 })}
            data={types.map((one) => ({ value: one, label: one.toUpperCase() }))}
            value={type}
            onChange={(event) => typed(id, { type: event.currentTarget.value })}
          />
          <TextInput
            size="xs"
            aria-label={t('dns.rehearsal.target', { line: index + 1 })}
            placeholder={t('dns.rehearsal.targetHint', { domain })}
            value={target}
            maxLength={253}
            onChange={(event) => typed(id, { target: event.currentTarget.value })}
          />
          <TextInput
            size="xs"
            aria-label={t('dns.rehearsal.value', { line: index + 1 })}
            placeholder={t('dns.rehearsal.valueHint')}
            value={value}
            maxLength={4000}
            onChange={(event) => typed(id, { value: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('dns.rehearsal.remove', { line: index + 1 })}
            onClick={() => remove(id)}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Group>
        <Button
          size="compact-sm"
          variant="default"
          disabled={publish.length >= mostPublished}
          onClick={() => add({ target: '', type: 'mx', value: '' })}
        >
          {t('dns.rehearsal.add')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={expected.length === 0 || publish.length >= mostPublished}
          onClick={() => add(...expected)}
        >
          {t('dns.rehearsal.addExpected')}
        </Button>
      </Group>
    </fieldset>
  )
}
