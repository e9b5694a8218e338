/**
 * Characters that change how a text looks without being seen: controls, directions, zero-width and other format
 * characters. Shown as what they are, so that a name from outside cannot pass for another (docs/faults.md 11).
 */
const hidden = /[\p{Cc}\p{Cf}\u2028\u2029\u115F\u1160\u3164\uFFA0]/gu

/** A run of combining marks longer than any language writes. */
const heap = /(\p{M}{4})\p{M}+/gu

export const visible = (text: string): string =>
  text
    .replace(heap, '$1…')
    .replace(
      hidden,
      (char) => `‹U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
    )

/** The same for a text of several lines, whose line feeds are its own. */
export const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n')

const letters = /\p{L}+/gu
const latin = /\p{Script=Latin}/u
/** Alphabets with letters that look like Latin ones (Unicode TR39, confusables). */
const alike = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u

/** Whether one word is written with two alphabets, as nobody does but to pass for another (docs/faults.md 11). */
export const mixesAlphabets = (text: string): boolean =>
  (text.match(letters) ?? []).some((word) => latin.test(word) && alike.test(word))
