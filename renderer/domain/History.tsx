import { useTranslation } from 'react-i18next'
import type { Domain } from '../../preload/shapes.ts'
import { checkLabel } from '../i18n/index.ts'
import { useLocale } from '../parts/locale.ts'
import { moment, useNow } from '../parts/time.ts'
import classes from './domain.module.css'

const days = 90
const windowMs = days * 86_400_000

type Span = { state: string; label: string; from: number; to: number }

/** How long each state lasted, over ninety days or since this console knows the domain. */
export function History({ domain }: { domain: Domain }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const spans = [...domain.statusSpans, ...domain.checkSpans]
  // The page's clock may be some seconds behind what has just been seen.
  const now = Math.max(useNow(), ...spans.map((span) => span.to))
  const first = Math.min(now, ...spans.map((span) => span.from))
  const start = Math.max(now - windowMs, first)
  const held = new Set(domain.checks.map((check) => check.key))
  const keys = [...new Set(domain.checkSpans.map((span) => span.key))]
  const status = domain.statusSpans.map(({ status: state, from, to }) => ({
    state,
    label: t(`status.${state}`),
    from,
    to,
  }))
  return (
    <section className={classes.card} aria-labelledby="history-title">
      <header>
        <h2 id="history-title">{t('domain.history')}</h2>
        <span className={classes.hint}>
          {first > now - windowMs
            ? t('domain.seenSince', { from: moment(locale, first) })
            : t('domain.days', { count: days })}
        </span>
      </header>
      <div className={classes.body}>
        <p className={classes.hint}>{t('domain.historyHint')}</p>
        <Lane title={t('domains.column.urgency')} spans={status} start={start} now={now} lasts />
        {keys.map((key) => (
          <Lane
            key={key}
            title={checkLabel(locale, key).chip}
            start={start}
            now={now}
            lasts={held.has(key)}
            spans={domain.checkSpans
              .filter((span) => span.key === key)
              .map(({ state, from, to }) => ({ state, label: t(`check.${state}`), from, to }))}
          />
        ))}
      </div>
    </section>
  )
}

type LaneProps = {
  title: string
  spans: Span[]
  /** Where every lane begins and ends. */
  start: number
  now: number
  /** Whether the last state still holds: the latest answer tells it. */
  lasts: boolean
}

/** One bar; its text alternative tells the latest spans in words. */
function Lane({ title, spans, start, now, lasts }: LaneProps) {
  const { t } = useTranslation()
  const locale = useLocale()
  const length = Math.max(1, now - start)
  const percent = (at: number) => (100 * (Math.min(now, Math.max(start, at)) - start)) / length
  const said = spans
    .slice(-5)
    .map(({ label, from, to }) =>
      t('domain.span', { state: label, from: moment(locale, from), to: moment(locale, to) }),
    )
  return (
    <div className={classes.lane}>
      <span>{title}</span>
      <div
        className={classes.bar}
        role="img"
        aria-label={t('domain.lane', { title, spans: said.join(', ') })}
        title={said.join('\n')}
      >
        {spans.map(({ state, from, to }, index) => {
          const end = lasts && index === spans.length - 1 ? now : to
          const left = percent(from)
          return (
            <span
              key={from}
              className={classes.span}
              data-state={state}
              style={{ left: `min(${left}%, 100% - 4px)`, width: `${Math.max(0, percent(end) - left)}%` }}
            />
          )
        })}
      </div>
    </div>
  )
}
