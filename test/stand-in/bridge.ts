import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Script } from 'node:vm'
import type { WebContents, WebFrameMain } from 'electron'
import type { CDPSession } from 'playwright-core'
import { createCodec } from './codec.ts'
import { denyWindows, type OpenWindow } from './deny-windows.ts'
import { createEvent } from './emitter.ts'
import type { Frames } from './frames.ts'
import { callHandler } from './ipc-main.ts'
import { type Invocation, pageSide, type ToMain, type ToPage } from './page-side.ts'

export type BridgeOptions = {
  cdp: CDPSession
  frames: Frames
  preload: string | undefined
  inSubFrames: boolean
  sender: () => WebContents
  onPreloadError: (error: Error) => void
  onOpenWindow: (asked: OpenWindow) => void
}

const codec = createCodec()

/** Puts the preload before every script of the page, and carries its calls to ipcMain and main's messages back. */
export async function bridgePreload(options: BridgeOptions) {
  const { cdp, frames, preload, inSubFrames, sender, onPreloadError, onOpenWindow } = options
  const secret = randomUUID()

  cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    if (name !== secret) return
    const message: ToMain = JSON.parse(payload)
    if ('preloadError' in message) onPreloadError(new Error(message.preloadError))
    else if ('openWindow' in message) onOpenWindow(message.openWindow)
    else void answer(message, executionContextId)
  })
  await cdp.send('Runtime.addBinding', { name: secret })
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: injected(secret, preload, inSubFrames) })

  async function answer(message: Invocation, context: number): Promise<void> {
    const { id, channel } = message
    const args = codec.decode(message.args)
    const frame = frames.ofContext(context)
    try {
      const value = await callHandler(channel, invokeEvent(frame, context), Array.isArray(args) ? args : [])
      await toPage({ id, ok: true, text: codec.encode(value) }, context)
    } catch (error) {
      console.error(`Error occurred in handler for '${channel}':`, error)
      await toPage({ id, ok: false, text: String(error) }, context)
    }
  }

  function invokeEvent(frame: WebFrameMain | null, context: number) {
    return createEvent({
      type: 'frame' as const,
      frameId: frame?.routingId ?? -1,
      processId: frame?.processId ?? -1,
      sender: sender(),
      get senderFrame() {
        return frames.ofContext(context)
      },
    })
  }

  async function toPage(message: ToPage, contextId: number): Promise<void> {
    const expression = `globalThis[Symbol.for(${JSON.stringify(secret)})]?.(${JSON.stringify(message)})`
    // The document may have gone in the meantime: Electron drops the message too.
    await cdp.send('Runtime.evaluate', { expression, contextId }).catch(() => undefined)
  }

  return {
    send(channel: string, args: unknown[]): void {
      const encoded = codec.encode(args)
      const context = frames.mainContext()
      if (context !== undefined) void toPage({ channel, args: encoded }, context)
    },
  }
}

function injected(secret: string, preload: string | undefined, inSubFrames: boolean): string {
  const source = preload === undefined ? '' : readFileSync(preload, 'utf8')
  const asFunction = `function (require, module, exports) {${source}\n}`
  // A syntax error would silently undo the whole injected script.
  new Script(`(${asFunction})`, { filename: preload ?? 'preload' })
  const name = JSON.stringify(secret)
  return `(() => {
    const send = globalThis[${name}]
    delete globalThis[${name}]
    ;(${denyWindows})((message) => send(JSON.stringify(message)))
    if (!location.hostname.endsWith('.stand-in.example') || (self !== top && !${inSubFrames})) return
    const codec = (${createCodec})()
    ;(${pageSide})(codec, send, Symbol.for(${name}), ${asFunction})
  })()`
}
