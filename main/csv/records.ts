/** More than this in one line of a file, and it is refused unread (docs/faults.md 67). In characters. */
export const recordLimit = 64 * 1024

/** One record as it stands in the file, the ends of lines within quotes included. */
export type RawRecord = {
  /** The first line of the file that it is on; the first line is 1. */
  line: number
  /** Null: it cannot be read, for this reason. */
  text: string | null
  trouble: 'line-too-long' | 'line-quote' | null
}

/**
 * Cuts text that comes in pieces into records: at CR, LF or CRLF outside quotes, mixed or not. Keeps at most
 * `recordLimit` characters of a record, whatever its length: csv-parse 7 drops what follows a record that is too
 * long, and knows only the end of line that it met first. Lines without any character are left out.
 */
export function createSplitter(delimiter: string) {
  let state: 'start' | 'plain' | 'quoted' | 'closing' = 'start'
  let kept = ''
  let isTooLong = false
  let line = 1
  let firstLine = 1
  let afterReturn = false

  function keep(piece: string, from: number, to: number): void {
    if (isTooLong) return
    isTooLong = kept.length + to - from > recordLimit
    kept = isTooLong ? '' : kept + piece.slice(from, to)
  }

  function finish(records: RawRecord[]): void {
    if (isTooLong) records.push({ line: firstLine, text: null, trouble: 'line-too-long' })
    else if (state === 'quoted') records.push({ line: firstLine, text: null, trouble: 'line-quote' })
    else if (kept !== '') records.push({ line: firstLine, text: kept, trouble: null })
    state = 'start'
    kept = ''
    isTooLong = false
    firstLine = line
  }

  return {
    /** The records that end in this piece. */
    push(piece: string): RawRecord[] {
      const records: RawRecord[] = []
      let from = 0
      for (let at = 0; at < piece.length; at++) {
        const char = piece[at]
        const isEnd = char === '\n' || char === '\r'
        const isSecondHalf = char === '\n' && afterReturn
        afterReturn = char === '\r'
        if (isEnd && !isSecondHalf) line++
        if (state === 'quoted') {
          if (char === '"') state = 'closing'
        } else if (isEnd) {
          if (!isSecondHalf) {
            keep(piece, from, at)
            finish(records)
          }
          from = at + 1
        } else if (char === delimiter) state = 'start'
        else if (char === '"' && state === 'start') state = 'quoted'
        // A doubled quote stands for one; any other text after a closing quote is taken as it is.
        else if (char === '"' && state === 'closing') state = 'quoted'
        else state = 'plain'
      }
      keep(piece, from, piece.length)
      return records
    },
    /** The last record, when no end of line follows it. */
    end(): RawRecord[] {
      const records: RawRecord[] = []
      finish(records)
      return records
    },
  }
}
