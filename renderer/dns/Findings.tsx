import { useTranslation } from 'react-i18next'
import type { DnsFinding } from '../../preload/dns-shapes.ts'
import { LevelMark } from './DnsMarks.tsx'
import classes from './dns.module.css'
import { factsOf } from './facts.ts'

/** What was found, each with how grave it is and its sentence. */
export function Findings({ findings }: { findings: readonly DnsFinding[] }) {
  const { t } = useTranslation()
  if (findings.length === 0) return null
  return (
    <ul className={classes.findings}>
      {findings.map(({ code, level, facts }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one code may be found twice, with other facts.
        <li key={index}>
          <LevelMark level={level} /> <bdi>{t(`dns.finding.${code}`, factsOf(facts))}</bdi>
        </li>
      ))}
    </ul>
  )
}
