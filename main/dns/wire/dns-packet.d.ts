import type { Answer } from 'dns-packet'

// Exported by dns-packet 5.6.1, and left out of its types.
declare module 'dns-packet' {
  export const answer: { decode(bytes: Buffer, offset: number): Answer }
  export const name: { decode(bytes: Buffer, offset: number): string }
}
