import { homedir } from 'node:os'

const rules: [RegExp, string][] = [
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, '<token>'],
  [/\b(Basic|Bearer)\s+[\w+/=.~-]{4,}/gi, '$1 <secret>'],
  [
    /("(?:password|access_token|refresh_token|id_token|client_secret|code|secret)"\s*:\s*)"[^"]*"/gi,
    '$1"<secret>"',
  ],
  [/\b[\w.+-]+@([\w-]+\.)+[a-z]{2,}\b/gi, '<address>'],
]

/** A text without tokens, passwords, e-mail addresses or the agent's home folder: what may stand in a log. */
export function redact(text: string): string {
  const clean = rules.reduce((left, [pattern, by]) => left.replace(pattern, by), text)
  return clean.replaceAll(homedir(), '~')
}
