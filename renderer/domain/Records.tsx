import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Domain, ExpectedRecord } from '../../preload/shapes.ts'
import { awayNow } from '../app/store.ts'
import { useAgo } from '../parts/Ages.tsx'
import { CopyButton } from '../parts/CopyButton.tsx'
import { External } from '../parts/External.tsx'
import { useApp, useStores } from '../stores.ts'
import classes from './domain.module.css'

/** What the town must publish, ready to be copied: name and value each. */
export function Records({ domain }: { domain: Domain }) {
  const { t } = useTranslation()
  const { domain: store } = useStores()
  const away = useApp(awayNow)
  const ago = useAgo()
  const { records } = domain
  return (
    <section className={classes.card} aria-labelledby="records-title">
      <header>
        <h2 id="records-title">{t('domain.records.title')}</h2>
        <span className={classes.hint}>
          {t('domain.records.hint')} {records ? t('time.read', { ago: ago(records.fetchedAt) }) : null}
        </span>
      </header>
      {records === null ? (
        <div className={classes.body}>
          <p>{t('domain.records.unknown')}</p>
          <Button
            size="compact-sm"
            disabled={away !== null}
            title={away === null ? undefined : t(`cannotRefresh.${away}`)}
            onClick={() => void store.getState().askRecords()}
          >
            {t('domain.records.fetch')}
          </Button>
        </div>
      ) : records.items.length === 0 ? (
        <p className={classes.body}>{t('domain.records.none')}</p>
      ) : (
        <RecordTable domain={domain.name} items={records.items} />
      )}
    </section>
  )
}

/** The record's full name, as most DNS hosts show it. */
const fullName = (domain: string, target: string) => (target === '' ? domain : `${target}.${domain}`)

function RecordTable({ domain, items }: { domain: string; items: readonly ExpectedRecord[] }) {
  const { t } = useTranslation()
  return (
    <table className={classes.records}>
      <thead>
        <tr>
          <th scope="col" style={{ width: 96 }}>
            {t('domain.records.type')}
          </th>
          <th scope="col" style={{ width: '34%' }}>
            {t('domain.records.name')}
          </th>
          <th scope="col">{t('domain.records.value')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ target, type, value }) => {
          const name = fullName(domain, target)
          const record = `${type.toUpperCase()} ${name}`
          return (
            <tr key={`${record} ${value}`}>
              <td>
                <External>{type.toUpperCase()}</External>
              </td>
              <td>
                <Copyable text={name} label={t('domain.records.copyName', { record })} />
              </td>
              <td>
                <Copyable text={value} label={t('domain.records.copyValue', { record })} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

const Copyable = ({ text, label }: { text: string; label: string }) => (
  <span className={classes.copyable}>
    <code>
      <External>{text}</External>
    </code>
    <CopyButton text={text} label={label} />
  </span>
)
