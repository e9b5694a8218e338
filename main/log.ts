import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { redact } from './redact.ts'

export type Facts = Record<string, string | number | boolean | null>
export type Log = {
  info(event: string, facts?: Facts): void
  warn(event: string, facts?: Facts): void
  /** For bugs: the error's stack goes to the file, never to the page. */
  error(event: string, error?: unknown, facts?: Facts): void
}

const maxBytes = 5 * 1024 * 1024

/** One JSON object a line in `console.log`, redacted once, here; the file before it is kept as `console.old.log`. */
export function openLog(folder: string): Log {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'console.log')
  if (existsSync(file) && statSync(file).size > maxBytes) renameSync(file, join(folder, 'console.old.log'))
  const sink = pino.destination({ dest: file, sync: true, mode: 0o600 })
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line) => sink.write(redact(line)) },
  )
  return {
    info: (event, facts = {}) => logger.info(facts, event),
    warn: (event, facts = {}) => logger.warn(facts, event),
    error: (event, error, facts = {}) =>
      logger.error({ ...facts, ...(error === undefined ? {} : { err: toError(error) }) }, event),
  }
}

const toError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)))
