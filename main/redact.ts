import { homedir } from 'node:os'

const rules: [RegExp, string][] = [
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, '<token>'],
  [/\b(Basic|Bearer)\s+[\w+/=.~-]{4,}/gi, '$1 <secret>'],
  // As JSON, and as JSON within JSON: a body told in an error comes with its quotes escaped.
  [
    /(\\*)"(password|access_token|refresh_token|id_token|client_secret|secret)\1"(\s*:\s*)\1".*?(?<!\\)\1"/gi,
    '$1"$2$1"$3$1"<secret>$1"',
  ],
  // A login code has digits; the code of an error, SQLITE_FULL or too_small, has none and must be read.
  [/(\\*)"code\1"(\s*:\s*)\1"(?=[^"]*\d).*?(?<!\\)\1"/gi, '$1"code$1"$2$1"<secret>$1"'],
  [
    /([?&](?:password|access_token|refresh_token|id_token|token|code|client_secret)=)[^&\s"'\\]+/gi,
    '$1<secret>',
  ],
  [/(\/\/)[^\s/@"']*:[^\s/@"']*@/g, '$1<secret>@'],
  [/\b[\w.+-]+@([\w-]+\.)+[a-z]{2,}\b/gi, '<address>'],
]

/** The home folder, as it is and as JSON writes it where paths have backslashes. */
const homes = [homedir(), JSON.stringify(homedir()).slice(1, -1)].filter((home) => home.length > 1)

/** A text without tokens, passwords, e-mail addresses or the agent's home folder: what may stand in a log. */
export function redact(text: string): string {
  const clean = rules.reduce((left, [pattern, by]) => left.replace(pattern, by), text)
  return homes.reduce((left, home) => left.replaceAll(home, '~'), clean)
}
