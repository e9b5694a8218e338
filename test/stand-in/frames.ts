import type { WebFrameMain } from 'electron'
import type { CDPSession } from 'playwright-core'
import { standIn } from './partial.ts'
import { originOf, toMain } from './scheme.ts'

type Known = { id: string; parentId: string | undefined; url: string; name: string; attached: boolean }
type Entry = { known: Known; frame: WebFrameMain }

export type Frames = ReturnType<typeof createFrames>

/** The frames of one page, as Electron's `WebFrameMain`; the main one keeps its identity for the page's life. */
export function createFrames() {
  let root: Known = { id: '', parentId: undefined, url: '', name: '', attached: true }
  const main: WebFrameMain = frameOf(() => root, 1)
  const entries = new Map<string, Entry>()
  const contexts = new Map<number, string>()
  let latest = 1

  function frameOf(known: () => Known, routingId: number): WebFrameMain {
    const frame: WebFrameMain = standIn<WebFrameMain>('webFrameMain', {
      get url() {
        return toMain(known().url)
      },
      get origin() {
        return originOf(toMain(known().url))
      },
      get name() {
        return known().name
      },
      get parent() {
        const { parentId } = known()
        return parentId === undefined ? null : (entries.get(parentId)?.frame ?? null)
      },
      get top() {
        return main
      },
      get frames() {
        return [...entries.values()]
          .filter((entry) => entry.known.parentId === known().id)
          .map((entry) => entry.frame)
      },
      get detached() {
        return !known().attached
      },
      isDestroyed: () => !known().attached,
      routingId,
      processId: 1,
    })
    return frame
  }

  function enter(id: string, parentId: string | undefined): Entry {
    const found = entries.get(id)
    if (found) return found
    const known: Known = { id, parentId, url: '', name: '', attached: true }
    if (parentId === undefined) root = known
    const entry = { known, frame: parentId === undefined ? main : frameOf(() => known, ++latest) }
    entries.set(id, entry)
    return entry
  }

  /** Follows the page that `cdp` speaks to, from now on and instead of any other. */
  async function follow(cdp: CDPSession): Promise<void> {
    entries.clear()
    contexts.clear()
    cdp.on('Page.frameAttached', ({ frameId, parentFrameId }) => enter(frameId, parentFrameId))
    cdp.on('Page.frameNavigated', ({ frame }) => {
      const { known } = enter(frame.id, frame.parentId)
      known.url = frame.url
      known.name = frame.name ?? ''
    })
    cdp.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      const entry = entries.get(frameId)
      if (entry) entry.known.url = url
    })
    cdp.on('Page.frameDetached', ({ frameId }) => {
      const entry = entries.get(frameId)
      if (entry) entry.known.attached = false
      entries.delete(frameId)
    })
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.auxData?.isDefault) contexts.set(context.id, String(context.auxData.frameId))
    })
    cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) =>
      contexts.delete(executionContextId),
    )
    cdp.on('Runtime.executionContextsCleared', () => contexts.clear())
    const { frameTree } = await cdp.send('Page.getFrameTree')
    enter(frameTree.frame.id, undefined).known.url = frameTree.frame.url
    await cdp.send('Page.enable')
    await cdp.send('Runtime.enable')
  }

  return {
    main,
    follow,
    /** The frame whose scripts run in `context`; null once it has navigated or gone. */
    ofContext: (context: number): WebFrameMain | null =>
      entries.get(contexts.get(context) ?? '')?.frame ?? null,
    mainContext: (): number | undefined => [...contexts].find(([, id]) => id === root.id)?.[0],
  }
}
