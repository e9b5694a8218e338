import type { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

export type BodyFault = 'too-large' | 'truncated' | 'reset' | 'encoding'
export type Body = { bytes: Buffer; fault: BodyFault | null }

/**
 * Reads a body to its end, decompressed, and stops at `limit` decoded bytes: memory stays bounded whatever
 * the compressed size announces. What was read before a fault is kept, for an excerpt. `onPiece` is called
 * for each piece that comes from the network. Rejects only when `signal` aborts.
 */
export async function readBody(
  source: Readable,
  encoding: string,
  limit: number,
  onPiece: () => void,
  signal: AbortSignal,
): Promise<Body> {
  const pieces: Buffer[] = []
  let size = 0
  let over = false
  const network = async function* (input: AsyncIterable<Buffer>) {
    for await (const piece of input) {
      onPiece()
      yield piece
    }
  }
  const collect = async (input: AsyncIterable<Buffer>) => {
    for await (const piece of input) {
      const room = limit - size
      pieces.push(piece.length > room ? piece.subarray(0, room) : piece)
      size += piece.length
      over = size > limit
      if (over) throw new Error('The body is over its limit')
    }
  }
  const body = (fault: BodyFault | null): Body => ({ bytes: Buffer.concat(pieces), fault })
  const decoder = decoderOf(encoding)
  if (decoder === 'unknown') {
    source.destroy()
    return body('encoding')
  }
  try {
    if (decoder === 'none') await pipeline(source, network, collect, { signal })
    else await pipeline(source, network, decoder, collect, { signal })
    return body(null)
  } catch (error) {
    signal.throwIfAborted()
    return body(over ? 'too-large' : faultOf(error))
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
