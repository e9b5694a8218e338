/** The words of a text, whatever blanks part them; lists of names stay readable so. */
export const words = (text: string): string[] => text.trim().split(/\s+/)
