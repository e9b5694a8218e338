import type { ZoneReading } from '../read/reading.ts'
import { furthestAhead } from '../read/serial.ts'
import { elsewhereOf, viewOfServer } from '../read/views.ts'
import { firstOf, questionKey, type View } from '../zone/view.ts'

/** What a reading knows of a domain's zone as its newest version says it: by the authoritative server that is furthest ahead. */
export function sourceView(reading: ZoneReading): View {
  const { delegation, domain, servers } = reading
  const soa = questionKey({ name: delegation.zone ?? domain, type: 'SOA' })
  const own = (reading.everywhere[soa] ?? []).filter(
    ({ server }) => servers[server]?.role === 'authoritative',
  )
  const views = furthestAhead(own).map(({ server }) => viewOfServer(reading, server))
  return firstOf(readable(views), elsewhereOf(reading))
}

/** The first that can be read, since a server that is ahead may have failed on one question; else the first. */
const readable = (views: readonly View[]): View => ({
  look(name, type) {
    const said = views.flatMap((view) => view.look(name, type) ?? [])
    return said.find(({ state }) => state !== 'unread') ?? said[0]
  },
})
