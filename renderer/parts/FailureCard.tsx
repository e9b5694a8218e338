import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import { sentenceOf } from '../i18n/index.ts'
import { isDeclined } from './declined.ts'
import { External } from './External.tsx'
import classes from './parts.module.css'

type Props = {
  failure: Failure
  /** Before and after the failure's own sentence, out of the alert: an age there would be read out at every tick. */
  children?: ReactNode
  after?: ReactNode
}

/** An expected failure: what happened, why, what to do, and what the server said if it said anything. */
export function FailureCard({ failure, children, after }: Props) {
  const { t } = useTranslation()
  const { excerpt } = failure.details
  if (isDeclined(failure)) return null
  return (
    <div className={classes.failure}>
      <IconAlertTriangle size={18} aria-hidden />
      <div>
        {children}
        {children ? ' ' : null}
        <span role="alert">
          {sentenceOf(t, failure)}
          {typeof excerpt === 'string' && excerpt !== '' && failure.reason !== 'invalid' ? (
            <code className={classes.excerpt}>
              <External>{excerpt}</External>
            </code>
          ) : null}
        </span>
        {after ? <p className={classes.after}>{after}</p> : null}
      </div>
    </div>
  )
}
