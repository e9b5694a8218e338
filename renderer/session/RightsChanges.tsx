import { useTranslation } from 'react-i18next'
import type { RightsPlan } from '../../preload/session-shapes.ts'
import { External } from '../parts/External.tsx'
import { VirtualTable } from '../parts/VirtualTable.tsx'
import { rowsOf } from './plan-rows.ts'

/** What was written is said as done; what was left, as what would have been. */
const tenses: Record<RightsPlan['state'], 'done' | 'planned' | 'left'> = {
  applied: 'done',
  unchanged: 'done',
  planned: 'planned',
  asks: 'planned',
  kept: 'left',
  failed: 'left',
}

/** Each domain that a reading of rights speaks of, and what becomes of it. */
export function RightsChanges({ plan, height }: { plan: RightsPlan; height: number }) {
  const { t } = useTranslation()
  const rows = rowsOf(plan)
  const tense = tenses[plan.state]
  if (rows.length === 0) return null
  return (
    <VirtualTable
      label={t('rightsPlan.table', { count: rows.length })}
      columns={[
        { id: 'domain', label: t('rightsPlan.domain') },
        { id: 'kind', label: t('rightsPlan.becomes'), width: '50%' },
      ]}
      count={rows.length}
      rowHeight={36}
      height={height}
      keyOf={(index) => `${rows[index]?.kind} ${rows[index]?.domain}`}
      cells={(index) => {
        const row = rows[index]
        if (!row) return null
        return (
          <>
            <td>
              <External>{row.domain}</External>
            </td>
            <td>
              {row.kind === 'add' || row.kind === 'remove'
                ? t(`rightsPlan.becoming.${tense}.${row.kind}`)
                : t(`rightsPlan.kind.${row.kind}`)}
              {row.known === null ? null : (
                <>
                  {' '}
                  <External>{row.known}</External>
                </>
              )}
            </td>
          </>
        )
      }}
    />
  )
}
