import { join } from 'node:path'
import { unwrap } from '../preload/failure.ts'
import type { Counts, Job } from '../preload/shapes.ts'
import type { OpenProfile } from './profiles/open-profile.ts'

export type Summary = {
  profile: string
  domains: number
  counts: Omit<Counts, 'fetchedAt' | 'all'>
  checked: Pick<Job, 'total' | 'done' | 'failed'>
  screenshot: string
}

/** Reads the fleet, checks every domain of it, and says what it found: what `--once` prints. */
export async function checkOnce(profile: OpenProfile, folder: string): Promise<Summary> {
  unwrap(await profile.refresh(true))
  const started = profile.queue.start('check', profile.cache.names({ text: '', status: 'all' }))
  const { total, done, failed } = await profile.queue.ended(started.id)
  const { fetchedAt: _fetchedAt, all, ...counts } = profile.cache.counts()
  return {
    profile: profile.profile.name,
    domains: all,
    counts,
    checked: { total, done, failed },
    screenshot: join(folder, 'domains.png'),
  }
}
