import { useSyncExternalStore } from 'react'
import type { Locale } from '../../preload/shapes.ts'

const minute = 60_000
const units = [
  ['day', 86_400_000],
  ['hour', 60 * minute],
  ['minute', minute],
  ['second', 1000],
] as const

/** The largest unit that fits: agents need "3 d", not "3 d 4 h 12 min". */
function largest(ms: number): { unit: (typeof units)[number][0]; count: number } {
  for (const [unit, length] of units) {
    if (ms >= length) return { unit, count: Math.floor(ms / length) }
  }
  return { unit: 'second', count: 0 }
}

/** "il y a 4 min"; "à l'instant" below ten seconds, so that nothing on the screen ticks for nothing. */
export function ago(locale: Locale, at: number, now: number, justNow: string): string {
  const { unit, count } = largest(Math.max(0, now - at))
  if (unit === 'second' && count < 10) return justNow
  return new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'always' }).format(-count, unit)
}

/** "3 j", "40 min". */
export function duration(locale: Locale, ms: number): string {
  const { unit, count } = largest(Math.max(0, ms))
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count)
}

export const moment = (locale: Locale, at: number): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at)

let current = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  current = Math.max(current, Date.now() - 1000)
  timer ??= setInterval(() => {
    current = Date.now()
    for (const tell of listeners) tell()
  }, 10_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time, told every ten seconds to all that show an age: one clock for the whole page. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => current)
