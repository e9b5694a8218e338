import type { Notification as ElectronNotification, NotificationConstructorOptions } from 'electron'
import { createEmitter, createEvent } from './emitter.ts'
import { record } from './journal.ts'
import { standIn } from './partial.ts'
import { isReady } from './ready.ts'

/** Those that were shown, in order, each with what a click on it does. */
const shown: (() => void)[] = []

/** The driver of the test clicks one that was shown, by its place: nobody sees it here (drive.ts). */
process.on('message', (message: unknown) => {
  if (typeof message !== 'object' || message === null || !('clickNotification' in message)) return
  const click = shown[Number(message.clickNotification)]
  if (!click) throw new Error(`no notification ${String(message.clickNotification)} was shown`)
  click()
})
process.channel?.unref()

function createNotification({ title = '', body = '' }: NotificationConstructorOptions): ElectronNotification {
  if (!isReady()) throw new Error('Cannot create Notification before app is ready')
  const events = createEmitter('Notification', [
    'show',
    'click',
    'close',
    // Never seen here, where no system shows it: accepted, not emitted.
    'failed',
    'reply',
    'action',
  ])
  let isShown = false
  const notification: ElectronNotification = standIn<ElectronNotification>('Notification', {
    ...events.members((): ElectronNotification => notification),
    title,
    body,
    show() {
      record({ kind: 'notification', title, body })
      isShown = true
      shown.push(() => {
        if (!isShown) return
        events.emit('click', createEvent({}))
        notification.close()
      })
      events.emit('show', createEvent({}))
    },
    close() {
      if (!isShown) return
      isShown = false
      events.emit('close', createEvent({}))
    },
  })
  return notification
}

const statics = standIn<typeof ElectronNotification>('Notification', { isSupported: () => true })

export const Notification = new Proxy(function Notification() {}, {
  construct: (_target, [options]) => createNotification(options ?? {}),
  get: (_target, key) => Reflect.get(statics, key),
})
