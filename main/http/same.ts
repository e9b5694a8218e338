import { createHash, timingSafeEqual } from 'node:crypto'

const digest = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest()

/** Whether two secrets are equal, in a time that tells neither where they differ nor how long they are. */
export const isSame = (one: string | Buffer, other: string | Buffer): boolean =>
  timingSafeEqual(digest(one), digest(other))
