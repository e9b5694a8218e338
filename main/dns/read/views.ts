import { questionKey, type View } from '../zone/view.ts'
import type { ZoneReading } from './reading.ts'

/** What one of the servers of a reading said, by its place among them. */
export const viewOfServer = (reading: Pick<ZoneReading, 'everywhere'>, server: number): View => ({
  look: (name, type) => reading.everywhere[questionKey({ name, type })]?.[server]?.look,
})

/** What was asked of one server alone, in whatever zone. */
export const elsewhereOf = (reading: Pick<ZoneReading, 'elsewhere'>): View => ({
  look: (name, type) => reading.elsewhere[questionKey({ name, type })],
})
