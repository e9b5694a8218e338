import { describe, expect, test } from 'vitest'
import { letterLink, mayOpen } from '../../main/shell/links.ts'

const good = [
  'https://github.com/suitenumerique/people',
  'https://www.rfc-editor.org/rfc/rfc7208#section-3',
  'https://lasuite.numerique.gouv.fr',
  'https://docs.numerique.gouv.fr/docs/?q=é',
]

const hostile = [
  ...['', ' ', 'github.com', '//github.com', '/etc/passwd', 'github.com/https://github.com'],
  ...[
    'http://github.com/',
    'ftp://github.com/',
    'ws://github.com/',
    'wss://github.com/',
    'HTTP://GITHUB.COM/',
  ],
  ...[
    'file:///etc/passwd',
    'file://github.com/share',
    'smb://github.com/share',
    'smb://192.0.2.1/a',
    '\\\\github.com\\a',
  ],
  ...['javascript:alert(1)', 'javascript://github.com/%0aalert(1)', 'JaVaScRiPt:alert(1)', 'vbscript:msgbox'],
  ...[
    'data:text/html,<script>',
    'blob:https://github.com/1',
    'about:blank',
    'view-source:https://github.com',
  ],
  ...[
    'ms-word:ofe|u|https://github.com',
    'ms-msdt:/id',
    'ms-officecmd:{}',
    'search-ms:query=a',
    'ms-settings:',
  ],
  ...[
    'vscode://file/etc/passwd',
    'shell:startup',
    'tel:0102030405',
    'mailto:a@b.example',
    'app://bundle/index.html',
  ],
  ...['https://evil.example/', 'https://github.com.evil.example/', 'https://github.com-evil.example/'],
  ...['https://evilgithub.com/', 'https://api.github.com/', 'https://gist.github.com/', 'https://github.co/'],
  ...[
    'https://github.com@evil.example/',
    'https://github.com:80@evil.example/',
    'https://github.com%40evil.example/',
  ],
  ...[
    'https://user@github.com/',
    'https://user:secret@github.com/',
    'https://:@github.com:1/',
    'https://:secret@github.com/',
  ],
  ...[
    'https://github.com:444/',
    'https://github.com:0/',
    'https://github.com./',
    'https://github.com..evil.example/',
  ],
  ...[
    'https://evil.example#github.com',
    'https://evil.example?github.com',
    'https://evil.example/https://github.com/',
  ],
  ...[
    'https://evil.example\\@github.com/',
    'https://github.com\\@evil.example/',
    'https:\\\\github.com\\a',
    'https:/github.com/',
  ],
  ...[
    'https:github.com/',
    'https:///github.com/',
    'https:////github.com/',
    'https://ｇithub.com/',
    'https://github。com/',
  ],
  ...[
    'https://gıthub.com/',
    'https://gіthub.com/',
    'https://github.com\u200b/',
    'https://git\u00adhub.com/',
    'https://GITHUB.com/',
  ],
  ...[
    'https://github.com/a\r\nHost: evil',
    'https://github.com/a\nb',
    'https://github.com/\t',
    'https://github.com/\0',
  ],
  ...[
    ' https://github.com/',
    'https://github.com/ a',
    'https://github.com/ --argument',
    'https://github.com/\u0085',
  ],
  ...['https://[::1]/', 'https://127.0.0.1/', 'https://2130706433/', 'https://localhost/', 'https://0/'],
  ...[
    `https://github.com/${'a'.repeat(10_000)}`,
    'https://',
    'https://.',
    'https:',
    'https://github.com%00.evil.example/',
  ],
]

describe("only our own pages may leave for the agent's browser", () => {
  test.each(good)('%s may', (link) => {
    expect(mayOpen(link)).toBe(true)
  })

  test.each(hostile.map((link) => ({ shown: JSON.stringify(link).slice(0, 60), link })))(
    'faults 14: $shown may not',
    ({ link }) => {
      expect(mayOpen(link)).toBe(false)
    },
  )

  test('faults 14: the table has at least 60 addresses', () => {
    expect(new Set(hostile).size).toBeGreaterThanOrEqual(60)
  })
})

describe('a message for the mail program of the agent', () => {
  test('has one address, and its words cannot become headers', () => {
    const link = letterLink(
      'mairie@commune.example',
      'Bonjour\r\nBcc: x@y.example',
      'Une ligne\nune autre & ?',
    )
    expect(link).toBe(
      'mailto:mairie@commune.example?subject=Bonjour%20Bcc%3A%20x%40y.example&body=Une%20ligne%0D%0Aune%20autre%20%26%20%3F',
    )
  })

  test.each([
    '',
    'a@b@c.example',
    'a@b.example,c@d.example',
    'a@b.example?bcc=x@y.example',
    'a b@c.example',
    'a%40@b',
  ])('faults 14: %j is not an address to write to', (to) => {
    expect(letterLink(to, 'Objet', 'Texte')).toBeNull()
  })

  test('words longer than systems hand on are refused, to be copied instead', () => {
    expect(letterLink('a@b.example', 'Objet', 'é'.repeat(4000))).toBeNull()
  })
})
