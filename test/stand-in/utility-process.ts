import { fork } from 'node:child_process'
import type { UtilityProcess, utilityProcess as UtilityProcessClass } from 'electron'
import { createEmitter } from './emitter.ts'
import { standIn } from './partial.ts'
import { isReady } from './ready.ts'

const parentPort = new URL('parent-port.mjs', import.meta.url).href

export const utilityProcess = standIn<typeof UtilityProcessClass>('utilityProcess', {
  fork(modulePath, args = [], options = {}) {
    if (!isReady()) throw new Error('utilityProcess cannot be created before app is ready.')
    const stdio = Array.isArray(options.stdio) ? options.stdio : [options.stdio, options.stdio, options.stdio]
    const [, out = 'inherit', err = 'inherit'] = stdio.map(streamMode)
    const child = fork(modulePath, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...(options.env ?? process.env) },
      execArgv: ['--import', parentPort, ...(options.execArgv ?? [])],
      stdio: ['ignore', out, err, 'ipc'],
      serialization: 'advanced',
    })
    const end = () => void child.kill('SIGKILL')
    process.once('exit', end)

    const events = createEmitter('utilityProcess', ['spawn', 'exit', 'message', 'error'])
    child.once('spawn', () => events.emit('spawn'))
    child.on('message', (message) => events.emit('message', message))
    // 'close' rather than 'exit': all that it wrote has been read by then.
    child.once('close', (code, signal) => {
      process.removeListener('exit', end)
      events.emit('exit', code ?? (signal ? 1 : 0))
    })
    const utility: UtilityProcess = standIn<UtilityProcess>('utilityProcess', {
      ...events.members((): UtilityProcess => utility),
      get pid() {
        return child.exitCode === null && child.signalCode === null ? child.pid : undefined
      },
      stdout: child.stdout,
      stderr: child.stderr,
      postMessage: (message) => void child.send(message),
      kill: () => child.kill('SIGTERM'),
    })
    return utility
  },
})

function streamMode(mode: string | undefined): 'pipe' | 'ignore' | 'inherit' {
  if (mode === 'pipe' || mode === 'ignore') return mode
  if (mode === undefined || mode === 'inherit') return 'inherit'
  throw new Error(`utilityProcess.fork: stdio '${mode}' is not supported`)
}
