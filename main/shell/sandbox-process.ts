import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { utilityProcess } from 'electron'
import { failed, ok } from '../../preload/failure.ts'
import { listeningLine, type SandboxProcess } from '../profiles/sandbox-control.ts'

const startsWithinMs = 15_000
const endsWithinMs = 5_000

/** Runs the sandbox's bundle as a process of its own, that ends with this one. */
export function createSandboxProcess(entry: string): SandboxProcess {
  let child: ReturnType<typeof utilityProcess.fork> | null = null
  const endings: (() => void)[] = []

  return {
    async start({ port, dialect, latencyMs }) {
      const key = randomBytes(32).toString('hex')
      const args = ['--port', String(port), '--dialect', dialect, '--latency', String(latencyMs)]
      const started = utilityProcess.fork(entry, args, {
        serviceName: 'Console dimail: sandbox',
        // Nobody would read what it says of its errors, and a full pipe would stop it.
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...neededBySystem(), SANDBOX_KEY: key },
      })
      child = started
      started.on('exit', () => {
        if (child !== started) return
        child = null
        for (const listener of endings) listener()
      })
      const said = await firstLine(started)
      const line = said === null ? null : listeningLine.safeParse(said)
      if (line?.success) return ok({ ...line.data.listening, key })
      started.kill()
      return failed('not-possible', 'sandbox-start', 'The sandbox could not start.')
    },
    async stop() {
      const ending = child
      if (!ending) return
      child = null
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, endsWithinMs)
        ending.once('exit', () => {
          clearTimeout(timer)
          resolve()
        })
        ending.kill()
      })
    },
    onEnd: (listener) => void endings.push(listener),
  }
}

/** The few variables without which Windows gives a process neither sockets nor random numbers. */
function neededBySystem(): Record<string, string> {
  const names = ['PATH', 'SystemRoot', 'windir', 'TEMP', 'TMPDIR']
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

function firstLine(child: ReturnType<typeof utilityProcess.fork>): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), startsWithinMs)
    const settle = (value: unknown) => {
      clearTimeout(timer)
      resolve(value)
    }
    child.once('exit', () => settle(null))
    if (!child.stdout) return settle(null)
    // Only Electron's type says "readable stream"; readline needs no more than that.
    createInterface({ input: child.stdout }).once('line', (line) => settle(parse(line)))
  })
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
