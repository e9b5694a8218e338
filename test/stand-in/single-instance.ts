import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from './chromium.ts'

export type Second = { argv: string[]; cwd: string; data: unknown }

// Electron answers at once whether the lock is held: only a process of its own can wait for the socket.
const deliver = `
  const [path, until] = [process.argv[1], Date.now() + 2000]
  const text = require('node:fs').readFileSync(0)
  const attempt = () => {
    const socket = require('node:net').connect(path, () => socket.end(text))
    socket.on('data', () => process.exit(0))
    socket.on('error', () => (Date.now() < until ? setTimeout(attempt, 50) : process.exit(1)))
  }
  attempt()`

/** One program per `userData`: true for the first, whose `onSecond` hears of every other one. */
export function takeLock(userData: string, data: unknown, onSecond: (second: Second) => void): boolean {
  mkdirSync(userData, { recursive: true })
  const file = join(userData, 'stand-in.lock')
  // A socket's path is limited to about 100 bytes, which a temporary folder may exceed.
  const id = createHash('sha256').update(userData).digest('hex').slice(0, 16)
  const path =
    process.platform === 'win32' ? `\\\\.\\pipe\\stand-in-${id}` : join(tmpdir(), `stand-in-${id}.sock`)
  const holder = readHolder(file)
  if (holder && isAlive(holder)) {
    const input = JSON.stringify({ argv: process.argv, cwd: process.cwd(), data } satisfies Second)
    if (spawnSync(process.execPath, ['-e', deliver, path], { input }).status === 0) return false
  }
  writeFileSync(file, String(process.pid))
  if (process.platform !== 'win32') rmSync(path, { force: true })
  listen(path, onSecond).unref()
  process.once('exit', () => {
    if (readHolder(file) !== process.pid) return
    rmSync(file, { force: true })
    if (process.platform !== 'win32') rmSync(path, { force: true })
  })
  return true
}

function readHolder(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

function listen(path: string, onSecond: (second: Second) => void): Server {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => socket.destroy())
    socket.on('end', () => {
      socket.end('heard')
      onSecond(JSON.parse(Buffer.concat(chunks).toString()))
    })
  })
  return server.listen(path)
}
