import { Anchor, Title } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JournalEntry } from '../../preload/shapes.ts'
import classes from '../app/app.module.css'
import { External } from '../parts/External.tsx'
import { useLocale } from '../parts/locale.ts'
import { StatusMark } from '../parts/Marks.tsx'
import { tellFailure } from '../parts/tell.ts'
import { moment } from '../parts/time.ts'
import { useDomains, useStores } from '../stores.ts'

const columns = ['at', 'action', 'subject', 'change', 'actor', 'state'] as const

/** What was done from here, latest first. */
export function JournalPage() {
  const { t } = useTranslation()
  const locale = useLocale()
  const { app } = useStores()
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
        <div className={classes.card}>
          <table className={classes.table}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {t(`journal.column.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {entries.map(({ id, at, action, subject, actor, state, before, after, effect }) => (
                <tr key={id}>
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
                  </td>
                  <td>
                    <StatusMark status={before} /> →{' '}
                    {after ? <StatusMark status={after} /> : t('journal.notKnown')}
                  </td>
                  <td>
                    <External>{actor}</External>
                  </td>
                  <td>{effect ? t(`domain.effect.${effect}`) : t(`journal.state.${state}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
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
