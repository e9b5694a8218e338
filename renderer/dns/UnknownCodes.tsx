import { Title } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UnknownCode } from '../../preload/dns-shapes.ts'
import type { Failure } from '../../preload/failure.ts'
import app from '../app/app.module.css'
import { Ago } from '../parts/Ages.tsx'
import { CopyButton } from '../parts/CopyButton.tsx'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { VirtualTable } from '../parts/VirtualTable.tsx'
import { useStores } from '../stores.ts'
import classes from './dns.module.css'

/** The codes of dimail that the catalogue does not explain, for who can make it grow (field N5). */
export function UnknownCodes() {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [codes, setCodes] = useState<readonly UnknownCode[] | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  useEffect(() => {
    let current = true
    void bridge['codes.unknown']().then((reply) => {
      if (!current) return
      if (reply.ok) setCodes(reply.value)
      else setFailure(reply.failure)
    })
    return () => {
      current = false
    }
  }, [bridge])
  // For support alone: whoever else is told nothing of it.
  if (failure?.code === 'refused' || (codes === null && failure === null)) return null
  return (
    <section className={app.card}>
      <Title order={2} mb="xs">
        {t('dns.codes.title')}
      </Title>
      {failure ? <FailureCard failure={failure} /> : null}
      {codes?.length === 0 ? <p>{t('dns.codes.none')}</p> : null}
      {codes && codes.length > 0 ? (
        <>
          <p className={app.quiet}>{t('dns.codes.hint')}</p>
          <Codes codes={codes} />
        </>
      ) : null}
    </section>
  )
}

function Codes({ codes }: { codes: readonly UnknownCode[] }) {
  const { t } = useTranslation()
  const lines = codes.map(({ check, code, count, lastAt, domain }) =>
    [check, code, count, new Date(lastAt).toISOString(), domain].join('\t'),
  )
  return (
    <>
      <p className={classes.copyable}>
        <span>{t('dns.codes.count', { count: codes.length })}</span>
        <CopyButton text={lines.join('\n')} label={t('dns.codes.copy')} />
      </p>
      <VirtualTable
        label={t('dns.codes.title')}
        columns={[
          { id: 'check', label: t('dns.codes.column.check'), width: 150 },
          { id: 'code', label: t('dns.codes.column.code') },
          { id: 'times', label: t('dns.codes.column.times'), width: 70 },
          { id: 'last', label: t('dns.codes.column.last'), width: 130 },
          { id: 'domain', label: t('domains.column.name') },
        ]}
        count={codes.length}
        rowHeight={36}
        height={320}
        keyOf={(index) => `${codes[index]?.check} ${codes[index]?.code}`}
        cells={(index) => {
          const found = codes[index]
          return found ? <Cells found={found} /> : null
        }}
      />
    </>
  )
}

function Cells({ found: { check, code, count, lastAt, domain } }: { found: UnknownCode }) {
  return (
    <>
      <td>
        <External>{check}</External>
      </td>
      <td>
        <External>{code}</External>
      </td>
      <td>{count}</td>
      <td>
        <Ago at={lastAt} />
      </td>
      <td>
        <External>{domain}</External>
      </td>
    </>
  )
}
