import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { memo, useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { shortened } from '../dns/facts.ts'
import { visible } from '../parts/external-text.ts'
import { useStores } from '../stores.ts'
import own from './sandbox.module.css'
import type { DraftRecord } from './zone-store.ts'

const types = ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'SRV', 'TXT']
const longestValue = 70_000
const longestShown = 200

/** The records of a zone, each in a row that can be typed in; the last line adds one. */
export function ZoneRecords({ records }: { records: readonly DraftRecord[] }) {
  const { t } = useTranslation()
  const { zone: store } = useStores()
  const table = useRef<HTMLTableElement>(null)
  const adds = useRef<HTMLButtonElement>(null)
  const [added, setAdded] = useState<number | null>(null)
  useEffect(() => {
    if (added !== null)
      table.current?.querySelector<HTMLInputElement>(`[data-record="${added}"] input`)?.focus()
  }, [added])
  const remove = useCallback(
    (id: number) => {
      store.getState().remove(id)
      // The button that was pressed is gone, and with it the place of the keyboard.
      adds.current?.focus()
    },
    [store],
  )
  return (
    <>
      <table ref={table} className={own.records}>
        <caption>{t('sandbox.zone.records')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('sandbox.zone.name')}</th>
            <th scope="col">{t('sandbox.zone.type')}</th>
            <th scope="col">{t('sandbox.zone.value')}</th>
            <th scope="col">{t('sandbox.zone.act')}</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record, index) => (
            <Row key={record.id} record={record} row={index + 1} remove={remove} />
          ))}
        </tbody>
      </table>
      {records.length === 0 ? <p>{t('sandbox.zone.none')}</p> : null}
      <Button ref={adds} variant="default" size="compact-md" onClick={() => setAdded(store.getState().add())}>
        {t('sandbox.zone.add')}
      </Button>
    </>
  )
}

/** A field shows a value as it runs; what hides in it is shown below. */
function hiddenIn(value: string): string | null {
  const shown = visible(value)
  return shown === value ? null : shortened(shown, longestShown)
}

type Props = { record: DraftRecord; row: number; remove: (id: number) => void }

/** A zone may have hundreds: only the row that is typed in is drawn again. */
const Row = memo(function Row({ record, row, remove }: Props) {
  const { t } = useTranslation()
  const { zone: store } = useStores()
  const change = (part: Partial<DraftRecord>) => store.getState().changeRecord(record.id, part)
  const type = record.type.toUpperCase()
  return (
    <tr data-record={record.id}>
      <td>
        <TextInput
          aria-label={t('sandbox.zone.nameOf', { row })}
          placeholder="@"
          value={record.target}
          maxLength={260}
          onChange={(event) => change({ target: event.currentTarget.value })}
        />
      </td>
      <td>
        <NativeSelect
          aria-label={t('sandbox.zone.typeOf', { row })}
          value={type}
          data={types.includes(type) ? types : [type, ...types]}
          onChange={(event) => change({ type: event.currentTarget.value.toLowerCase() })}
        />
      </td>
      <td>
        <TextInput
          aria-label={t('sandbox.zone.valueOf', { row })}
          value={record.value}
          maxLength={longestValue}
          inputWrapperOrder={['input', 'description']}
          description={hiddenIn(record.value)}
          onChange={(event) => change({ value: event.currentTarget.value })}
        />
      </td>
      <td>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={t('sandbox.zone.remove', { row })}
          onClick={() => remove(record.id)}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </td>
    </tr>
  )
})
