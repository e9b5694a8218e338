import { useTranslation } from 'react-i18next'
import type { DiagnosedRecord, DnsServer } from '../../preload/dns-shapes.ts'
import { Ago } from '../parts/Ages.tsx'
import { External } from '../parts/External.tsx'
import { ttlOf, valuesOf } from './answers.ts'
import { VerdictMark } from './DnsMarks.tsx'
import { AnswerText, Ttl } from './DnsSays.tsx'
import classes from './dns.module.css'
import own from './verdicts.module.css'

type Props = { record: DiagnosedRecord; servers: readonly DnsServer[] }

/** What each server answered, authoritative ones first: its name, its address, when, and for how long it holds. */
export function Answers({ record, servers }: Props) {
  const { t } = useTranslation()
  const called = `${record.type} ${record.name}`
  const rows = servers.map((server, index) => ({
    server,
    index,
    answer: record.answers.find((answer) => answer.server === index),
  }))
  rows.sort((a, b) => a.server.role.localeCompare(b.server.role))
  return (
    <section
      className={own.answers}
      aria-label={t('dns.perServerOf', { record: called })}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard.
      tabIndex={0}
      data-own-keys
    >
      <table>
        <thead>
          <tr>
            <th scope="col">{t('dns.server.name')}</th>
            <th scope="col">{t('dns.server.answer')}</th>
            <th scope="col">{t('dns.server.verdict')}</th>
            <th scope="col">{t('dns.server.at')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ server, index, answer }) => (
            <tr key={index}>
              <th scope="row">
                <ServerName server={server} />
              </th>
              <td>
                {answer ? (
                  <>
                    <AnswerText said={{ ...answer, values: valuesOf(answer) }} />
                    <span className={classes.quiet}>
                      <Ttl ttl={ttlOf(answer.records)} />
                    </span>
                  </>
                ) : (
                  t(`dns.unread.${server.trouble ?? 'not-asked'}`)
                )}
              </td>
              <td>{answer ? <VerdictMark verdict={answer.verdict} /> : null}</td>
              <td>{answer ? <Ago at={answer.at} /> : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** By its name and the address that was asked; a public resolver has an address alone. */
function ServerName({ server: { name, address, role } }: { server: DnsServer }) {
  const { t } = useTranslation()
  return (
    <>
      <External>{name ?? address ?? ''}</External>
      <span className={classes.quiet}>
        {name === null ? null : (
          <>{address === null ? t('dns.server.noAddress') : <External>{address}</External>} · </>
        )}
        {t(`dns.role.${role}`)}
      </span>
    </>
  )
}
