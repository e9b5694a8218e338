import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'

/** A file, read in pieces, or lines that the agent pasted. */
export type CsvSource = { path: string } | { text: string }

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** How much is decoded and cut into records before other work has its turn. */
const pieceSize = 32 * 1024

/** What the first bytes say: an encoding, that this is no text at all, or nothing. */
export async function announced(path: string): Promise<Encoding | 'workbook' | null> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    const head = buffer.subarray(0, bytesRead).toString('hex')
    if (head.startsWith('fffe')) return 'utf-16le'
    if (head.startsWith('feff')) return 'utf-16be'
    // A zip, as .xlsx and .ods are, or the older .xls.
    return head === '504b0304' || head === 'd0cf11e0' ? 'workbook' : null
  } finally {
    await file.close()
  }
}

/** The text of a file in pieces, without its mark of encoding. UTF-8 is strict: see `isUndecodable`. */
export async function* textOf(
  path: string,
  encoding: Encoding,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder(encoding, { fatal: encoding === 'utf-8' })
  for await (const bytes of createReadStream(path, { highWaterMark: pieceSize, signal }))
    yield decoder.decode(bytes, { stream: true })
  yield decoder.decode()
}

export async function* piecesOf(text: string): AsyncGenerator<string, void> {
  const plain = text.replace(/^\uFEFF/, '')
  for (let start = 0; start < plain.length; start += pieceSize) yield plain.slice(start, start + pieceSize)
}

/** Thrown by a strict decoder: the file is not what it was taken for. */
export const isUndecodable = (error: unknown): boolean =>
  error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
