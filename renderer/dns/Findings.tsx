import { useTranslation } from 'react-i18next'
import type { DnsFinding } from '../../preload/dns-shapes.ts'
import { LevelMark } from './DnsMarks.tsx'
import classes from './dns.module.css'
import { factsOf } from './facts.ts'

/** What was found, each with how grave it is and its sentence; what would be said twice is said once. */
export function Findings({ findings }: { findings: readonly DnsFinding[] }) {
  const { t } = useTranslation()
  const said = new Map(
    findings.map(({ code, level, facts }) => [t(`dns.finding.${code}`, factsOf(facts)), level] as const),
  )
  if (said.size === 0) return null
  return (
    <ul className={classes.findings}>
      {[...said].map(([sentence, level]) => (
        <li key={sentence}>
          <LevelMark level={level} /> <bdi>{sentence}</bdi>
        </li>
      ))}
    </ul>
  )
}
