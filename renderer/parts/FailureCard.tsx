import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import { sentenceOf } from '../i18n/index.ts'
import { External } from './External.tsx'
import classes from './parts.module.css'

/** An expected failure: what happened, why, what to do, and what the server said if it said anything. */
export function FailureCard({ failure, children }: { failure: Failure; children?: ReactNode }) {
  const { t } = useTranslation()
  const { excerpt } = failure.details
  return (
    <div className={classes.failure} role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <div>
        {children}
        {children ? ' ' : null}
        {sentenceOf(t, failure)}
        {typeof excerpt === 'string' && excerpt !== '' && failure.reason !== 'invalid' ? (
          <code className={classes.excerpt}>
            <External>{excerpt}</External>
          </code>
        ) : null}
      </div>
    </div>
  )
}
