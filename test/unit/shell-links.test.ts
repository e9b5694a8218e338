import { describe, expect, test } from 'vitest'
import { letterLink, mayOpen, mayOpenSignIn } from '../../main/shell/links.ts'

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

describe('a page of the OpenID provider may leave only for where the provider said', () => {
  const issuer = 'https://identite.example'
  const query = '/authorize?client_id=console&redirect_uri=http%3A%2F%2F127.0.0.1%3A47610%2Fcallback&state=a'

  test.each([
    [issuer, `${issuer}${query}`],
    [issuer, issuer],
    [issuer, `${issuer}/`],
    [issuer, `${issuer}?a=b`],
    [issuer, `${issuer}/${'a'.repeat(7000)}`],
    ['https://identite.example:8443', 'https://identite.example:8443/session/end?id_token_hint=a.b.c'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/openid/auth?state=a'],
  ])('of %s: %.60s may', (origin, link) => {
    expect(mayOpenSignIn(link, origin)).toBe(true)
  })

  const elsewhere = [
    ...hostile,
    ...good,
    ...['http://identite.example/authorize', 'HTTPS://identite.example/', 'https://IDENTITE.example/'],
    ...['https://identite.example:443/', 'https://identite.example:444/', 'https://identite.example./'],
    ...['https://identite.example@evil.example/', 'https://agent@identite.example/'],
    ...['https://agent:secret@identite.example/', 'https://:@identite.example/'],
    ...['https://identite.example.evil.example/', 'https://evil.example/https://identite.example/'],
    ...[
      'https://identite.example\\@evil.example/',
      'https:\\\\identite.example\\a',
      'https:identite.example/',
    ],
    ...['https:/identite.example/', 'https:///identite.example/', 'https://identite.example/ a'],
    ...['https://identite.example/a\nb', 'https://identite.example/é', 'https://identite.example/\u202e'],
    ...[
      'https://identite.example/\0',
      `https://identite.example/${'a'.repeat(8000)}`,
      ' https://identite.example/',
    ],
    ...[
      'javascript:https://identite.example/',
      'file://identite.example/a',
      'blob:https://identite.example/1',
    ],
    ...['https://ｉdentite.example/', 'https://127.0.0.1:4000/', 'http://localhost:4000/'],
  ]
  test.each(elsewhere.map((link) => ({ shown: JSON.stringify(link).slice(0, 60), link })))(
    'faults 14: $shown may not',
    ({ link }) => {
      expect(mayOpenSignIn(link, issuer)).toBe(false)
    },
  )

  test.each([
    ['http://identite.example', 'http://identite.example/authorize'],
    ['http://localhost:4000', 'http://localhost:4000/openid/auth'],
    ['http://[::1]:4000', 'http://[::1]:4000/openid/auth'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4001/openid/auth'],
    ['http://127.0.0.1:4000', 'http://2130706433:4000/openid/auth'],
    ['null', 'file:///etc/passwd'],
    ['null', 'data:text/html,a'],
    ['', ''],
    ['https://identite.example/', 'https://identite.example/'],
    ['javascript:', 'javascript:alert(1)'],
  ])('faults 14: of the origin %j, %j may not', (origin, link) => {
    expect(mayOpenSignIn(link, origin)).toBe(false)
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

  test.each([
    ['l’abbé@commune.example', null],
    ["l'ecole+dns@commune.example", 'l%27ecole%2Bdns@commune.example'],
    ['mairie@forêt.example', 'mairie@for%C3%AAt.example'],
  ])('%s is handed on as RFC 6068 writes it', (to, written) => {
    expect(letterLink(to, 'Objet', 'Texte')).toBe(
      written === null ? null : `mailto:${written}?subject=Objet&body=Texte`,
    )
  })

  test('without an address yet, the agent types it', () => {
    expect(letterLink(null, 'Objet', 'Texte')).toBe('mailto:?subject=Objet&body=Texte')
  })

  test('words longer than systems hand on are refused, to be copied instead', () => {
    expect(letterLink('a@b.example', 'Objet', 'é'.repeat(4000))).toBeNull()
  })
})
