import type { Locale } from '../../preload/shapes.ts'
import { type Catalogue, fill } from './catalogue.ts'

/** What a letter is made of, before it is text or HTML. */
export type Block =
  | { kind: 'paragraph' | 'footer'; text: string }
  | { kind: 'link'; label: string; link: string }
  | { kind: 'secret'; label: string; secret: string }
  | { kind: 'list'; label: string; items: string[] }

/** The plain text: it says everything that the HTML says. */
export function textOf(blocks: readonly Block[], words: Catalogue): string {
  return `${blocks.map((block) => plain(block, words)).join('\n\n')}\n`
}

function plain(block: Block, words: Catalogue): string {
  const labelled = (label: string) => fill(words.labelled, { label })
  switch (block.kind) {
    case 'link':
      return `${labelled(block.label)}\n${block.link}`
    case 'secret':
      return `${labelled(block.label)}\n\n    ${block.secret}`
    case 'list':
      return [block.label, ...block.items.map((item) => `- ${item}`)].join('\n')
    case 'footer':
      // The signature's own mark, by which mail programs know it.
      return `-- \n${block.text}`
    default:
      return block.text
  }
}

const style = `
  body { margin: 0; padding: 24px 12px; background: #f4f5f8; color: #1e2130; }
  .card { max-width: 560px; margin: 0 auto; padding: 32px; background: #fff; border-radius: 8px;
    border-top: 4px solid #2845c1; font: 16px/1.6 Marianne, Arial, sans-serif; overflow-wrap: anywhere; }
  .card p, .card ul { margin: 0 0 16px; }
  .card ul { padding-left: 20px; }
  .card li { margin-bottom: 8px; }
  a.button { display: inline-block; padding: 12px 24px; border-radius: 4px; background: #2845c1; color: #fff;
    font-weight: bold; text-decoration: none; }
  .small { font-size: 14px; color: #5d6070; }
  .small a { color: #2845c1; }
  .secret { padding: 12px 16px; border-radius: 4px; background: #eef0f8; }
  .secret code { display: block; font: bold 20px/1.6 Consolas, Menlo, monospace; }
  .footer { max-width: 560px; margin: 16px auto 0; font: 13px/1.5 Marianne, Arial, sans-serif; color: #5d6070;
    text-align: center; }
  @media (prefers-color-scheme: dark) {
    body { background: #14161f; color: #e6e8f0; }
    .card { background: #1e2130; border-top-color: #8fa2f0; }
    a.button { background: #8fa2f0; color: #14161f; }
    .small, .footer { color: #b0b4c4; }
    .small a { color: #8fa2f0; }
    .secret { background: #2b2f42; }
  }
`

/** The same as a page that fetches nothing: its style is its own, and its only link is the letter's. */
export function htmlOf(blocks: readonly Block[], words: Catalogue, locale: Locale, title: string): string {
  const footer = blocks.filter((block) => block.kind === 'footer')
  const body = blocks.filter((block) => block.kind !== 'footer')
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<div class="card">
${body.map((block) => marked(block, words)).join('\n')}
</div>
${footer.map((block) => marked(block, words)).join('\n')}
</body>
</html>
`
}

function marked(block: Block, words: Catalogue): string {
  switch (block.kind) {
    case 'link': {
      const link = escaped(block.link)
      return [
        `<p><a class="button" href="${link}">${escaped(block.label)}</a></p>`,
        `<p class="small">${escaped(words.linkBelow)}<br><a href="${link}">${link}</a></p>`,
      ].join('\n')
    }
    case 'secret':
      return `<p class="secret">${escaped(fill(words.labelled, { label: block.label }))}<code>${escaped(block.secret)}</code></p>`
    case 'list': {
      const items = block.items.map((item) => `<li>${escaped(item)}</li>`).join('\n')
      return `<p>${escaped(block.label)}</p>\n<ul>\n${items}\n</ul>`
    }
    case 'footer':
      return `<p class="footer">${escaped(block.text)}</p>`
    default:
      return `<p>${escaped(block.text)}</p>`
  }
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
