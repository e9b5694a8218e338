import { useTranslation } from 'react-i18next'
import { type Finding, isFailing, type Repair } from '../../preload/shapes.ts'
import { sentenceOf } from '../i18n/index.ts'
import { Ago } from '../parts/Ages.tsx'
import { CheckChip, StatusMark } from '../parts/Marks.tsx'
import classes from './domain.module.css'

/** What the last repair found, and what it left. */
export function LastRepair({ repair }: { repair: Repair | null }) {
  const { t } = useTranslation()
  return (
    <section className={classes.card} aria-labelledby="repair-title">
      <header>
        <h2 id="repair-title">{t('domain.lastRepair')}</h2>
        <span className={classes.hint}>{repair ? <Ago at={repair.at} /> : null}</span>
      </header>
      <div className={classes.body}>{repair ? <Outcome repair={repair} /> : t('domain.noRepair')}</div>
    </section>
  )
}

function Outcome({ repair }: { repair: Repair }) {
  const { t } = useTranslation()
  const { before, after, effect, state, failure } = repair
  return (
    <>
      {state === 'done' ? null : (
        <p>{t(`domain.repairState.${state === 'unknown' && after ? 'unknownAfter' : state}`)}</p>
      )}
      {effect === null ? null : <p>{t(`domain.effect.${effect}`)}</p>}
      {failure && after === null ? <p>{sentenceOf(t, failure)}</p> : null}
      <div className={classes.beforeAfter}>
        <Found title={t('domain.before')} finding={before} />
        {after ? <Found title={t('domain.after')} finding={after} /> : null}
      </div>
    </>
  )
}

function Found({ title, finding }: { title: string; finding: Finding }) {
  const { t } = useTranslation()
  const failing = finding.checks.filter(isFailing)
  return (
    <div>
      <h3>{title}</h3>
      <StatusMark status={finding.status} />
      <ul>
        {failing.map(({ key, state }) => (
          <li key={key}>
            <CheckChip name={key} /> {t(`check.${state}`)}
          </li>
        ))}
      </ul>
    </div>
  )
}
