import { homedir } from 'node:os'

const rules: [RegExp, string][] = [
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, '<token>'],
  [/\b(Basic|Bearer)\s+[\w+/=.~-]{4,}/gi, '$1 <secret>'],
  // As JSON, and as JSON within JSON: a body told in an error comes with its quotes escaped.
  [
    /(\\*)"(password|access_token|refresh_token|id_token|client_secret|code|secret)\1"(\s*:\s*)\1".*?(?<!\\)\1"/gi,
    '$1"$2$1"$3$1"<secret>$1"',
  ],
  [
    /([?&](?:password|access_token|refresh_token|id_token|token|code|client_secret)=)[^&\s"'\\]+/gi,
    '$1<secret>',
  ],
  [/(\/\/)[^\s/@"']*:[^\s/@"']*@/g, '$1<secret>@'],
  [/\b[\w.+-]+@([\w-]+\.)+[a-z]{2,}\b/gi, '<address>'],
]

/** A text without tokens, passwords, e-mail addresses or the agent's home folder: what may stand in a log. */
export function redact(text: string): string {
  const clean = rules.reduce((left, [pattern, by]) => left.replace(pattern, by), text)
  return clean.replaceAll(homedir(), '~')
}
