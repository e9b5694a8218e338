import { Button, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from '../app/app.module.css'
import { Ago } from '../parts/Ages.tsx'
import { useJobs, useStores } from '../stores.ts'
import { JobName } from './JobDrawer.tsx'

/** The last fifty jobs, those that a previous run left included. */
export function JobsPage() {
  const { t } = useTranslation()
  const { jobs: store } = useStores()
  const jobs = useJobs((state) => state.jobs)
  return (
    <div className={classes.page}>
      <Title order={1} mb="md">
        {t('jobs.title')}
      </Title>
      {jobs.length === 0 ? (
        <p className={classes.quiet}>{t('jobs.none')}</p>
      ) : (
        <div className={classes.card}>
          <table className={classes.table}>
            <tbody>
              {jobs.map((job) => (
                <tr key={job.id}>
                  <td>
                    <JobName job={job} />
                  </td>
                  <td>
                    <Ago at={job.startedAt} />
                  </td>
                  <td>{t(`jobs.state.${job.state}`)}</td>
                  <td>
                    {t('jobs.progress', { done: job.done + job.failed, total: job.total })}
                    {job.failed > 0 ? ` · ${t('jobs.failures', { count: job.failed })}` : null}
                  </td>
                  <td>
                    <Button
                      size="compact-sm"
                      variant="default"
                      onClick={() => void store.getState().show(job.id)}
                    >
                      {t('jobs.open')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}
