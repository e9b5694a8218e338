// In a child of utilityProcess.fork: Electron's parentPort over Node's channel, and an end with the parent's.
import { EventEmitter } from 'node:events'

const port = Object.assign(new EventEmitter(), {
  /** @param {unknown} message */
  postMessage: (message) => void process.send?.(message),
})
process.on('message', (data) => port.emit('message', { data, ports: [] }))
process.once('disconnect', () => process.exit())
// As in Electron, a child waits for messages only once it listens.
process.channel?.unref()
port.on('newListener', (event) => event === 'message' && process.channel?.ref())
Object.defineProperty(process, 'parentPort', { value: port })
