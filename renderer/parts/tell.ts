import { notifications } from '@mantine/notifications'
import i18next, { type TFunction } from 'i18next'
import type { ReactNode } from 'react'
import type { Failure } from '../../preload/failure.ts'
import { sentenceOf } from '../i18n/index.ts'
import { isDeclined } from './declined.ts'

/** Says in passing that something was done. */
export function tell(t: TFunction, message: string): void {
  notifications.show({ message, color: 'brand', closeButtonProps: closing(t) })
}

/** Says why something was not done, until the agent has closed it; the same thing is said once at a time. */
export function tellFailure(failure: Failure): void {
  if (isDeclined(failure)) return
  const message = sentenceOf(i18next.t, failure)
  tellUntilClosed(i18next.t, message, message)
}

/** Says something that calls for the agent, under an id by which it can be taken back. */
export function tellUntilClosed(t: TFunction, id: string, message: ReactNode): void {
  notifications.show({ id, message, color: 'red', autoClose: false, closeButtonProps: closing(t) })
}

export const untell = (id: string): void => void notifications.hide(id)

/** What was said of one profile is not true of another. */
export const untellAll = (): void => notifications.clean()

const closing = (t: TFunction) => ({ 'aria-label': t('app.close') })
