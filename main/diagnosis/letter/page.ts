import { Marked, type Tokens } from 'marked'
import type { Locale } from '../../../preload/shapes.ts'

/** What is read on paper: A4, one column, values that break anywhere rather than run out of the sheet. */
const style = `
  @page { size: A4; margin: 22mm 20mm 20mm; }
  html { color-scheme: light; }
  body { margin: 0 auto; max-width: 170mm; background: #fff; color: #161616;
    font: 10.5pt/1.5 Marianne, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; overflow-wrap: break-word; }
  h1 { font-size: 14pt; line-height: 1.3; margin: 0 0 18pt; color: #000091; }
  h2 { font-size: 12pt; line-height: 1.3; margin: 18pt 0 6pt; color: #000091; break-after: avoid; }
  h3 { font-size: 10.5pt; margin: 14pt 0 4pt; padding-top: 8pt; border-top: 0.5pt solid #ccc; break-after: avoid; }
  h2 + h3 { margin-top: 6pt; padding-top: 0; border-top: 0; }
  p, ul { margin: 0 0 7pt; orphans: 3; widows: 3; }
  p:has(+ ul) { break-after: avoid; }
  ul { padding-left: 14pt; break-inside: avoid; }
  li { margin-bottom: 3pt; }
  code { padding: 0 3pt; border-radius: 2pt; background: #eee; font: 9.5pt/1.4 Consolas, Menlo, "Liberation Mono",
    "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
  a { color: inherit; overflow-wrap: anywhere; }
`
/** Nothing runs, nothing is fetched, nothing is sent: the page is its own text and style. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/**
 * A letter as a page of its own, for print and for mail. No HTML of the letter's text survives.
 * @throws RangeError for quotes or lists that are nested thousands of times.
 */
export function pageOf(subject: string, markdown: string, locale: Locale): string {
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${escaped(subject)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(subject)}</h1>
${converter().parse(markdown, { async: false })}</body>
</html>
`
}

const converter = (): Marked =>
  new Marked({
    gfm: true,
    renderer: {
      html: ({ text }: Tokens.HTML | Tokens.Tag) => escaped(text),
      image: ({ text }: Tokens.Image) => escaped(text),
      link({ href, tokens }: Tokens.Link) {
        const inner = this.parser.parseInline(tokens)
        return /^https:\/\/[^\s"'<>]+$/.test(href) ? `<a href="${escaped(href)}">${inner}</a>` : inner
      },
    },
    tokenizer: {
      // A name that looks like an address of the web is a name.
      url: () => undefined,
      // For the end of each of these marks the converter looks through all that follows: of a long text for minutes.
      emStrong: (source) => (source.startsWith('_') ? undefined : false),
    },
  })

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
