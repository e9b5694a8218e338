import { Anchor, Title } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JournalEntry } from '../../preload/shapes.ts'
import classes from '../app/app.module.css'
import { sentenceOf } from '../i18n/index.ts'
import { Actor } from '../parts/Actor.tsx'
import { External } from '../parts/External.tsx'
import { useLocale } from '../parts/locale.ts'
import { StatusMark } from '../parts/Marks.tsx'
import { tellFailure } from '../parts/tell.ts'
import { moment } from '../parts/time.ts'
import { VirtualTable } from '../parts/VirtualTable.tsx'
import { useDomains, useStores } from '../stores.ts'

const columns = ['at', 'action', 'subject', 'change', 'actor', 'state'] as const

const widths: { [id in (typeof columns)[number]]?: number } = {
  at: 170,
  action: 170,
  change: 190,
  actor: 150,
  state: 150,
}

/** What was done from here, latest first. */
export function JournalPage() {
  const { t } = useTranslation()
  const entries = useEntries()
  return (
    <div className={classes.page}>
      <div className={classes.title}>
        <Title order={1}>{t('journal.title')}</Title>
        <span className={classes.quiet}>{t('journal.hint')}</span>
      </div>
      {entries.length === 0 ? (
        <p className={classes.quiet}>{t('journal.none')}</p>
      ) : (
        <VirtualTable
          label={t('journal.title')}
          columns={columns.map((id) => ({ id, label: t(`journal.column.${id}`), width: widths[id] }))}
          count={entries.length}
          rowHeight={44}
          height="calc(100vh - 158px)"
          keyOf={(index) => entries[index]?.id ?? index}
          cells={(index) => {
            const entry = entries[index]
            return entry ? <Cells entry={entry} /> : null
          }}
        />
      )}
    </div>
  )
}

function Cells({ entry }: { entry: JournalEntry }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const { app } = useStores()
  const { at, action, subject, target, actor, actorName, state, before, after, effect, failure } = entry
  return (
    <>
      <td>{moment(locale, at)}</td>
      <td>{t(`journal.action.${action}`)}</td>
      <td>
        <Anchor
          component="button"
          size="sm"
          onClick={() => app.getState().go({ view: 'domain', name: subject })}
        >
          <External>{subject}</External>
        </Anchor>
        {target === null ? null : (
          <div className={classes.quiet}>
            <External>{target}</External>
          </div>
        )}
      </td>
      <td>
        {before === null ? null : (
          <>
            <StatusMark status={before} /> → {after ? <StatusMark status={after} /> : t('journal.notKnown')}
          </>
        )}
      </td>
      <td>
        <Actor name={actorName ?? actor} />
      </td>
      <td title={failure ? sentenceOf(t, failure) : undefined}>
        {effect ? t(`domain.effect.${effect}`) : t(`journal.state.${state}`)}
      </td>
    </>
  )
}

function useEntries(): JournalEntry[] {
  const { bridge } = useStores()
  const changes = useDomains((state) => state.counts)
  const [entries, setEntries] = useState<JournalEntry[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `changes` tells that something was done since.
  useEffect(() => {
    let current = true
    void bridge['journal.list']({ subject: null, limit: 500 }).then((reply) => {
      if (!current) return
      if (reply.ok) setEntries(reply.value)
      else tellFailure(reply.failure)
    })
    return () => {
      current = false
    }
  }, [changes, bridge])
  return entries
}
