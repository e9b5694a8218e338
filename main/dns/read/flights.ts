import { createStop, type Errand } from './gate.ts'

/** One errand, and the flight that it is made for, when it is made for one. `depth`: of name servers' names in others' zones. */
export type Trip = Errand & { flight: Flight | null; depth: number }

export type Flight = {
  /** The flights that this one waits for. */
  waitsFor: Set<Flight>
}

type Shared<T> = Flight & { result: Promise<T>; waiting: number; stop: AbortController }

/** What stands for a result that is not to be had, and which results are of no use to anybody but who started. */
export type Without<T> = { aborted: T; loop: T; isOwn: (result: T) => boolean }

/**
 * The result of the flight of a key: the one under way, else a new one. A flight goes on for as long as somebody waits
 * for it, whoever started it. When it would wait, at whatever distance, for the one that asks, `loop` is the result.
 */
export type Join<T> = (key: string, trip: Trip, work: (trip: Trip) => Promise<T>) => Promise<T>

/** What many ask for at once is asked once. Two flights never wait for each other. */
export function createFlights<T>({ aborted, loop, isOwn }: Without<T>): Join<T> {
  const under = new Map<string, Shared<T>>()

  const forget = (key: string, flight: Shared<T>) => {
    if (under.get(key) === flight) under.delete(key)
  }

  function start(key: string, trip: Trip, work: (trip: Trip) => Promise<T>): Shared<T> {
    const stop = createStop()
    const flight: Flight = { waitsFor: new Set() }
    const result = work({ ...trip, signal: stop.signal, flight })
    const shared: Shared<T> = Object.assign(flight, { result, waiting: 0, stop })
    under.set(key, shared)
    const ended = () => forget(key, shared)
    result.then(ended, ended)
    return shared
  }

  async function wait(key: string, trip: Trip, flight: Shared<T>): Promise<T> {
    trip.flight?.waitsFor.add(flight)
    flight.waiting++
    try {
      return await before(flight.result, trip.signal, aborted)
    } finally {
      trip.flight?.waitsFor.delete(flight)
      flight.waiting--
      if (flight.waiting === 0) {
        flight.stop.abort()
        forget(key, flight)
      }
    }
  }

  async function join(key: string, trip: Trip, work: (trip: Trip) => Promise<T>, again: number): Promise<T> {
    if (trip.signal.aborted) return aborted
    const known = under.get(key)
    if (known !== undefined && trip.flight !== null && reaches(known, trip.flight)) return loop
    const result = await wait(key, trip, known ?? start(key, trip, work))
    // What stopped another's way may not stop ours; what seemed to go round, with another in between, may not by now.
    const mayDiffer = known !== undefined || trip.flight === null
    return isOwn(result) && mayDiffer && again > 0 ? join(key, trip, work, again - 1) : result
  }

  return (key, trip, work) => join(key, trip, work, trip.flight === null ? 2 : 1)
}

function reaches(from: Flight, to: Flight, seen = new Set<Flight>()): boolean {
  if (from === to) return true
  if (seen.has(from)) return false
  seen.add(from)
  return [...from.waitsFor].some((next) => reaches(next, to, seen))
}

/** `otherwise` when the signal comes first. */
function before<T>(result: Promise<T>, signal: AbortSignal, otherwise: T): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve(otherwise)
    const stopped = () => resolve(otherwise)
    signal.addEventListener('abort', stopped, { once: true })
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', stopped))
  })
}
