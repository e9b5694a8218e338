import { notifications } from '@mantine/notifications'
import type { TFunction } from 'i18next'

/** Says in passing that something was done, or why it was not. */
export function tell(t: TFunction, message: string, color: 'brand' | 'red' = 'brand'): void {
  notifications.show({ message, color, closeButtonProps: { 'aria-label': t('app.close') } })
}
