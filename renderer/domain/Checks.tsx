import { Anchor } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Check, isFailing } from '../../preload/shapes.ts'
import { checkLabel, why } from '../i18n/index.ts'
import { External } from '../parts/External.tsx'
import { useLocale } from '../parts/locale.ts'
import { CheckMark } from '../parts/Marks.tsx'
import classes from './domain.module.css'

/** All checks, those of the town and those of dimail apart, with every error of each. */
export function Checks({ checks, toDns }: { checks: readonly Check[]; toDns: () => void }) {
  const { t } = useTranslation()
  if (checks.length === 0) return <p className={classes.card}>{t('domain.noChecks')}</p>
  return (
    <div className={classes.stack}>
      <Group side="external" checks={checks.filter((check) => !check.internal)} toDns={toDns} />
      <Group side="internal" checks={checks.filter((check) => check.internal)} toDns={toDns} />
    </div>
  )
}

type GroupProps = { side: 'external' | 'internal'; checks: readonly Check[]; toDns: () => void }

function Group({ side, checks, toDns }: GroupProps) {
  const { t } = useTranslation()
  if (checks.length === 0 && side === 'external') return null
  return (
    <section className={classes.card} aria-labelledby={`checks-${side}`}>
      <header>
        <h2 id={`checks-${side}`}>{t(`domain.${side}`)}</h2>
        <span className={classes.hint}>{t(`domain.${side}Hint`)}</span>
      </header>
      {checks.length === 0 ? <p className={classes.body}>{t('domain.internalUntold')}</p> : null}
      {checks.map((check) => (
        <OneCheck key={check.key} check={check} toDns={toDns} />
      ))}
    </section>
  )
}

function OneCheck({ check, toDns }: { check: Check; toDns: () => void }) {
  const { t } = useTranslation()
  const { label } = checkLabel(useLocale(), check.key)
  const failing = isFailing(check)
  // A check may fail without saying why: it is explained all the same (docs/dimail.md C5).
  const errors =
    failing && check.errors.length === 0 ? [{ code: '', detail: '' }] : failing ? check.errors : []
  return (
    <article className={classes.check} data-check={check.key}>
      <div className={classes.checkHead}>
        <h3>
          <External>{label}</External>
        </h3>
        <CheckMark state={check.state} />
      </div>
      {errors.map((error, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: errors have no identity, and dimail may repeat one.
        <Fault key={index} check={check.key} {...error} />
      ))}
      {failing && !check.internal ? (
        <Anchor component="button" size="sm" aria-label={t('dns.toDnsOf', { check: label })} onClick={toDns}>
          {t('dns.toDns')}
        </Anchor>
      ) : null}
    </article>
  )
}

function Fault({ check, code, detail }: { check: string; code: string; detail: string }) {
  const { t } = useTranslation()
  const { title, cause, consequence, who, next } = why(useLocale(), check, code)
  return (
    <div className={classes.fault}>
      <p>
        <strong>{title}.</strong> {cause}
      </p>
      <p>{consequence}</p>
      <p>
        <strong>{t(`domain.who.${who}`)}.</strong> {next}
      </p>
      <p className={classes.verbatim}>
        {detail === '' ? (
          t('domain.noVerbatim')
        ) : (
          <>
            {t('domain.verbatim')}{' '}
            <q>
              <External lang="fr">{detail}</External>
            </q>
          </>
        )}
        {code === '' ? null : (
          <>
            {' '}
            (<External>{t('domain.code', { code })}</External>)
          </>
        )}
      </p>
    </div>
  )
}
