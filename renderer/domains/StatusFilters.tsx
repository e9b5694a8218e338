import { UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DomainFilter } from '../../preload/shapes.ts'
import { useDomains, useStores } from '../stores.ts'
import classes from './domains.module.css'

const filters = ['all', 'enabled', 'action_required', 'failed', 'repairable', 'pending', 'disabled'] as const

/** The counts are of the whole fleet, whatever is filtered or searched. */
export function StatusFilters() {
  const { t } = useTranslation()
  const { domains } = useStores()
  const chosen = useDomains((state) => state.view.status)
  const counts = useDomains((state) => state.counts)
  const label = (status: DomainFilter['status']) =>
    status === 'all' || status === 'repairable' ? t(`domains.${status}`) : t(`domains.filter.${status}`)
  return (
    <fieldset style={{ display: 'contents' }} aria-label={t('domains.filters')}>
      {filters.map((status) => (
        <UnstyledButton
          key={status}
          className={classes.filter}
          aria-pressed={chosen === status}
          onClick={() => void domains.getState().change({ status })}
        >
          {label(status)} <span>{counts?.[status] ?? ''}</span>
        </UnstyledButton>
      ))}
    </fieldset>
  )
}
