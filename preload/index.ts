import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron'
import { calls, type Push, pushes } from './channels.ts'

const invokers = Object.fromEntries(
  calls.map((call) => [call, (input: unknown) => ipcRenderer.invoke(call, input)]),
)

function on(push: Push, listener: (value: unknown) => void): () => void {
  if (!pushes.includes(push)) throw new Error(`Unknown push: ${push}`)
  // The event is dropped: it would hand the page a reference to ipcRenderer.
  const forward = (_event: IpcRendererEvent, value: unknown) => listener(value)
  ipcRenderer.on(push, forward)
  return () => void ipcRenderer.off(push, forward)
}

contextBridge.exposeInMainWorld('bridge', { ...invokers, on })
