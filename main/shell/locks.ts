import { app, type IpcMainInvokeEvent, session, type WebContents } from 'electron'
import { origin } from './pages.ts'

/** All the locks in one place; docs/security.md names the test of each. */
export function lockDown(openLink: (url: string) => unknown): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_page, _permission, decide) => decide(false))
  defaultSession.setPermissionCheckHandler(() => false)
  defaultSession.setDevicePermissionHandler(() => false)
  defaultSession.setDisplayMediaRequestHandler((_request, decide) => decide({}))
  app.on('web-contents-created', (_event, page) => lockPage(page, openLink))
}

function lockPage(page: WebContents, openLink: (url: string) => unknown): void {
  page.on('will-navigate', (event) => event.preventDefault())
  page.on('will-frame-navigate', (event) => event.preventDefault())
  page.on('will-redirect', (event) => event.preventDefault())
  page.on('will-attach-webview', (event) => event.preventDefault())
  page.setWindowOpenHandler(({ url }) => {
    openLink(url)
    return { action: 'deny' }
  })
}

type Frame = { url: string; parent: unknown } | null

/** A call comes from our page when its frame is the top one of our window and shows our origin. */
export function isOurPage(ours: () => WebContents | null): (event: IpcMainInvokeEvent) => boolean {
  return ({ sender, senderFrame }) => {
    const frame: Frame = senderFrame
    const page = ours()
    return page !== null && sender.id === page.id && isOurFrame(frame)
  }
}

export function isOurFrame(frame: Frame): boolean {
  if (frame === null || frame.parent !== null || !URL.canParse(frame.url)) return false
  const { protocol, host } = new URL(frame.url)
  return `${protocol}//${host}` === origin
}
