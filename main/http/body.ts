import type { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

export type BodyFault = 'too-large' | 'truncated' | 'reset' | 'encoding'

/** Where the pieces of a body go as they come, decompressed. */
export type Sink = {
  /** False when no more of this body is wanted. */
  take(piece: Buffer): boolean | Promise<boolean>
  /** What was kept as it came. */
  bytes(): Buffer
}

/** Keeps a body whole, and its first `limit` bytes when it is longer. */
export function keepUpTo(limit: number) {
  const pieces: Buffer[] = []
  let size = 0
  return {
    take(piece: Buffer): boolean {
      const room = limit - size
      pieces.push(piece.length > room ? piece.subarray(0, room) : piece)
      size += piece.length
      return size <= limit
    },
    bytes: () => Buffer.concat(pieces),
  } satisfies Sink
}

/**
 * Pours a body into `sink` to its end, decompressed, at the pace of the sink; `too-large` when the sink wants no more
 * of it. `onPiece` is called for each piece that comes from the network. Rejects only when `signal` aborts.
 */
export async function readBody(
  source: Readable,
  encoding: string,
  sink: Sink,
  onPiece: () => void,
  signal: AbortSignal,
): Promise<BodyFault | null> {
  let over = false
  const network = async function* (input: AsyncIterable<Buffer>) {
    for await (const piece of input) {
      onPiece()
      yield piece
    }
  }
  const pour = async (input: AsyncIterable<Buffer>) => {
    for await (const piece of input) {
      over = !(await sink.take(piece))
      if (over) throw new Error('No more of the body is wanted')
    }
  }
  const decoder = decoderOf(encoding)
  if (decoder === 'unknown') {
    source.destroy()
    return 'encoding'
  }
  try {
    if (decoder === 'none') await pipeline(source, network, pour, { signal })
    else await pipeline(source, network, decoder, pour, { signal })
    return null
  } catch (error) {
    signal.throwIfAborted()
    return over ? 'too-large' : faultOf(error)
  }
}

function decoderOf(encoding: string): 'none' | 'unknown' | Transform {
  switch (encoding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return 'none'
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    default:
      return 'unknown'
  }
}

function faultOf(error: unknown): BodyFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message : ''
  // Node says ECONNRESET and "aborted" for a peer that closed politely before the announced end.
  if (message === 'aborted' || code === 'Z_BUF_ERROR' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return 'truncated'
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'reset'
  return 'encoding'
}
