import { useTranslation } from 'react-i18next'
import type { Domain } from '../../preload/shapes.ts'
import { useLocale } from '../parts/locale.ts'
import classes from './domain.module.css'
import { sentenceFor } from './sentence.ts'

/** What is wrong, in one sentence, before any table. */
export function SentenceCard({ domain }: { domain: Domain }) {
  const { t } = useTranslation()
  const { tone, consequence, acting } = sentenceFor(domain, useLocale())
  return (
    <section className={classes.sentence} data-tone={tone} aria-live="polite">
      {consequence === null ? null : <strong>{consequence} </strong>}
      {acting.map(({ key, count }) => t(key, { count })).join(' ')}
    </section>
  )
}
