import { Button, CloseButton, Group, Progress } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job, JobRow } from '../../preload/shapes.ts'
import { sentenceOf } from '../i18n/index.ts'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { StatusMark } from '../parts/Marks.tsx'
import { useJobs, useStores } from '../stores.ts'
import classes from './jobs.module.css'

/** A job as it goes: how far, what each domain gave, and a way to stop it. It stands beside the page, not above it. */
export function JobDrawer() {
  const { jobs, app } = useStores()
  const opened = useJobs((state) => state.open !== null || state.failure !== null)
  // What a job says belongs to the page where it was asked.
  useEffect(
    () =>
      app.subscribe((now, before) => {
        if (now.place !== before.place) jobs.getState().hide()
      }),
    [app, jobs],
  )
  return opened ? <Panel /> : null
}

function Panel() {
  const { t } = useTranslation()
  const { jobs } = useStores()
  const job = useJobs((state) => state.jobs.find((one) => one.id === state.open))
  const failure = useJobs((state) => state.failure)
  const panel = useRef<HTMLDivElement>(null)
  const close = () => jobs.getState().hide()
  useLayoutEffect(() => {
    const { current } = panel
    const before = document.activeElement
    current?.querySelector('button')?.focus()
    return () => {
      const within = current?.contains(document.activeElement)
      if (within && before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <div className={classes.drawer} ref={panel} role="dialog" aria-labelledby="job-title">
      <div className={classes.title}>
        <h2 id="job-title">{job ? <JobName job={job} /> : t('jobs.title')}</h2>
        <CloseButton aria-label={t('app.close')} onClick={close} />
      </div>
      {failure ? <FailureCard failure={failure} /> : null}
      {job ? (
        <>
          <Figures job={job} />
          <Rows />
        </>
      ) : null}
    </div>
  )
}

export function JobName({ job }: { job: Job }) {
  const { t } = useTranslation()
  const what = job.kind.endsWith('-mailboxes') ? 'jobs.nameOf.mailboxes' : 'jobs.name'
  return t(what, { kind: t(`jobs.kind.${job.kind}`), count: job.total })
}

function Figures({ job }: { job: Job }) {
  const { t } = useTranslation()
  const { jobs } = useStores()
  const settled = job.done + job.failed
  const notDone = job.state === 'running' ? 0 : job.total - settled
  return (
    <div>
      <Progress value={(100 * settled) / job.total} aria-label={t('jobs.drawer')} mb="xs" />
      <Group justify="space-between">
        <p role="status" className={classes.figures}>
          <strong>{t('jobs.progress', { done: settled, total: job.total })}</strong> ·{' '}
          {t(`jobs.state.${job.state}`)} · {t('jobs.results', { count: job.done })}
          {job.failed > 0 ? ` · ${t('jobs.failures', { count: job.failed })}` : null}
          {notDone > 0 ? ` · ${t('jobs.notDone', { count: notDone })}` : null}
        </p>
        {job.state === 'running' ? (
          <Button size="compact-sm" variant="default" onClick={() => void jobs.getState().cancel(job.id)}>
            {t('jobs.cancel')}
          </Button>
        ) : null}
      </Group>
    </div>
  )
}

function Rows() {
  const { t } = useTranslation()
  const rows = useJobs((state) => state.rows)
  const list = [...rows.values()]
  const scroll = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: list.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 34,
    overscan: 10,
  })
  const items = virtual.getVirtualItems()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard.
    <section className={classes.rows} ref={scroll} tabIndex={0} aria-label={t('jobs.drawer')} data-own-keys>
      <table className={classes.table} aria-rowcount={list.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" style={{ width: '46%' }}>
              {t('jobs.column.name')}
            </th>
            <th scope="col" style={{ width: 90 }}>
              {t('jobs.column.state')}
            </th>
            <th scope="col">{t('jobs.column.result')}</th>
          </tr>
        </thead>
        <tbody>
          <tr aria-hidden style={{ height: items[0]?.start ?? 0 }} />
          {items.map(({ index }) => {
            const row = list[index]
            return row ? <Row key={row.name} row={row} index={index} /> : null
          })}
          <tr aria-hidden style={{ height: virtual.getTotalSize() - (items.at(-1)?.end ?? 0) }} />
        </tbody>
      </table>
    </section>
  )
}

function Row({ row, index }: { row: JobRow; index: number }) {
  const { t } = useTranslation()
  return (
    <tr aria-rowindex={index + 2} data-state={row.state}>
      <td>
        <External>{row.name}</External>
      </td>
      <td>{t(`jobs.row.${row.state}`)}</td>
      <td>
        {row.status ? <StatusMark status={row.status} /> : null}
        {row.toCorrect === null ? null : t('jobs.toCorrect', { count: row.toCorrect })}
        {row.failure ? <span className={classes.why}>{sentenceOf(t, row.failure)}</span> : null}
      </td>
    </tr>
  )
}
