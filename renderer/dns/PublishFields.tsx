import { ActionIcon, Button, Group, NativeSelect, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExpectedRecord } from '../../preload/shapes.ts'
import { useRehearsal, useStores } from '../stores.ts'
import own from './rehearsal.module.css'
import { mostPublished, type Typed } from './rehearsal-store.ts'

/** What a town publishes for its mail; the others of a zone are in nobody's way. */
const types = ['mx', 'txt', 'cname', 'a', 'aaaa', 'srv', 'caa', 'ns']

type Props = { domain: string; expected: readonly ExpectedRecord[] }

/** Records to publish besides the proposal, typed by the agent. */
export function PublishFields({ domain, expected }: Props) {
  const { t } = useTranslation()
  const { rehearsal: store } = useStores()
  const publish = useRehearsal((state) => state.publish)
  const { add } = store.getState()
  const fields = useRef<HTMLFieldSetElement>(null)
  const adds = useRef<HTMLButtonElement>(null)
  const [added, setAdded] = useState<number | null>(null)
  // Who adds a record goes on by typing it.
  useEffect(() => {
    if (added !== null) fields.current?.querySelector<HTMLElement>(`[data-line="${added}"] input`)?.focus()
  }, [added])
  return (
    <fieldset ref={fields} className={own.choices}>
      <legend>{t('dns.rehearsal.publish')}</legend>
      {publish.map((record, index) => (
        <Line
          key={record.id}
          domain={domain}
          record={record}
          line={index + 1}
          // The button that was pressed is gone, and with it the place of the keyboard.
          removed={() => adds.current?.focus()}
        />
      ))}
      <Group>
        <Button
          ref={adds}
          size="compact-sm"
          variant="default"
          disabled={publish.length >= mostPublished}
          onClick={() => setAdded(add({ target: '', type: 'mx', value: '' }))}
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

type LineProps = { domain: string; record: Typed; line: number; removed: () => void }

/** One record that is typed. */
function Line({ domain, record: { id, target, type, value }, line, removed }: LineProps) {
  const { t } = useTranslation()
  const { rehearsal: store } = useStores()
  const { type: typed, remove } = store.getState()
  return (
    <div className={own.publish} data-line={id}>
      <NativeSelect
        size="xs"
        aria-label={t('dns.rehearsal.type', { line })}
        data={types.map((one) => ({ value: one, label: one.toUpperCase() }))}
        value={type}
        onChange={(event) => typed(id, { type: event.currentTarget.value })}
      />
      <TextInput
        size="xs"
        aria-label={t('dns.rehearsal.target', { line })}
        placeholder={t('dns.rehearsal.targetHint', { domain })}
        value={target}
        maxLength={253}
        onChange={(event) => typed(id, { target: event.currentTarget.value })}
      />
      <TextInput
        size="xs"
        aria-label={t('dns.rehearsal.value', { line })}
        placeholder={type === 'mx' || type === 'cname' ? t('dns.rehearsal.valueHint') : undefined}
        value={value}
        maxLength={4000}
        onChange={(event) => typed(id, { value: event.currentTarget.value })}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('dns.rehearsal.remove', { line })}
        onClick={() => {
          remove(id)
          removed()
        }}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </div>
  )
}
