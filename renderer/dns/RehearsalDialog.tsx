import { Checkbox, Modal } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Diagnosis, ZoneChange } from '../../preload/dns-shapes.ts'
import type { Domain } from '../../preload/shapes.ts'
import { External } from '../parts/External.tsx'
import { visible } from '../parts/external-text.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useRehearsal, useStores } from '../stores.ts'
import { textOf } from './answers.ts'
import { ActMark } from './DnsMarks.tsx'
import classes from './dns.module.css'
import { shortened } from './facts.ts'
import { PublishFields } from './PublishFields.tsx'
import { RehearsalResult } from './RehearsalResult.tsx'
import own from './rehearsal.module.css'

const quietForMs = 300

type Props = {
  domain: Domain
  changes: readonly ZoneChange[]
  diagnosis: Diagnosis | null
}

/** "Were these records published": what would be right then, and what would still stand in the way (field N14). */
export function RehearsalDialog({ opened, close, ...what }: Props & { opened: boolean; close: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      size="xl"
      onClose={close}
      closeOnClickOutside={false}
      title={t('dns.rehearsal.title')}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Rehearsing {...what} />
    </Modal>
  )
}

function Rehearsing({ domain, changes, diagnosis }: Props) {
  const { t } = useTranslation()
  const { rehearsal: store } = useStores()
  const left = useRehearsal((state) => state.left)
  const failure = useRehearsal((state) => state.failure)
  const result = useRehearsal((state) => state.result)
  const busy = useRehearsal((state) => state.busy)
  useEffect(() => store.getState().open(domain.name), [store, domain.name])
  useRehearsed(changes, diagnosis?.at ?? 0)
  return (
    <>
      <p>{t('dns.rehearsal.hint')}</p>
      {changes.length === 0 ? null : (
        <fieldset className={own.choices}>
          <legend>{t('dns.rehearsal.changes')}</legend>
          {changes.map((change) => (
            <Checkbox
              key={change.id}
              checked={!left.has(change.id)}
              onChange={() => store.getState().toggle(change.id)}
              label={<ChangeName change={change} />}
            />
          ))}
        </fieldset>
      )}
      <PublishFields domain={domain.name} expected={domain.records?.items ?? []} />
      {failure ? <FailureCard failure={failure} /> : null}
      {result ? <RehearsalResult result={result} busy={busy} /> : null}
    </>
  )
}

function ChangeName({ change: { act, before, after } }: { change: ZoneChange }) {
  const record = after ?? before
  return (
    <>
      <ActMark act={act} /> <External>{record ? `${record.type} ${record.name}` : ''}</External>{' '}
      <span className={classes.quiet}>
        <bdi>{visible(record ? shortened(textOf(record), 80) : '')}</bdi>
      </span>
    </>
  )
}

/** Nothing is asked of anybody: it is said again as soon as the agent pauses. */
function useRehearsed(changes: readonly ZoneChange[], diagnosedAt: number): void {
  const { rehearsal: store } = useStores()
  const left = useRehearsal((state) => state.left)
  const publish = useRehearsal((state) => state.publish)
  const domain = useRehearsal((state) => state.domain)
  const [asked] = useDebouncedValue(JSON.stringify([domain, [...left], publish, diagnosedAt]), quietForMs)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is what was chosen and typed.
  useEffect(() => {
    void store.getState().rehearse(changes.map(({ id }) => id))
  }, [asked, store])
}
