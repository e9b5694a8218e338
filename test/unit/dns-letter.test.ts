import { describe, expect, test } from 'vitest'
import { situations } from '../../main/diagnosis/letter/values.ts'
import { durationOf } from '../../main/diagnosis/letter/words.ts'
import { letterOf } from '../../main/diagnosis/letter.ts'
import { stepsOf } from '../../main/dns/hosts.ts'
import { changeReasons, type Diagnosis, hindrances } from '../../preload/dns-shapes.ts'
import { locales } from '../../preload/shapes.ts'
import en from '../../resources/letters/words.en.json' with { type: 'json' }
import fr from '../../resources/letters/words.fr.json' with { type: 'json' }
import why from '../../resources/why/fr.json' with { type: 'json' }
import {
  change,
  diagnosisOf,
  domain,
  factsOf,
  judged,
  knownHosts,
  mxAt,
  others,
  template,
  textAt,
  troubledAt,
  troubles,
  written,
} from './dns-letter-town.ts'

const every = knownHosts.flatMap((host) => locales.map((locale) => ({ id: host.id, host, locale })))

/** A page as its reader sees it: no tag, no entity. */
const seenOf = (html: string): string =>
  html
    .replace(/<style>[\s\S]*<\/style>/, '')
    .replace(/<[^>]+>/g, '')
    .replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)))
    .replace(/&(amp|lt|gt|quot);/g, (_all, name: 'amp') => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name])

describe.each(every)('field N4: a letter for $id in $locale', ({ host, locale }) => {
  test.each(troubles)('about $name has all that is to be typed, as the host wants it', (trouble) => {
    const facts = troubledAt(host, locale, trouble)
    const letter = written(facts)
    const { labels, add } = host.words[locale]
    for (const { before, after } of facts.steps) {
      for (const form of [before, after]) {
        if (form === null) continue
        expect(letter.text).toContain(`${form.value}\n`)
        expect(letter.markdown).toContain(`\`${form.value}\`\n`)
        expect(seenOf(letter.html)).toContain(form.value)
        if (form.name !== '') expect(letter.text).toContain(form.name)
      }
      if (before === null) {
        expect(letter.text).toContain(add.slice(1))
        expect(letter.text).toContain(
          after?.name === '' ? (locale === 'fr' ? fr : en).emptyField : labels.name,
        )
      }
    }
    expect(letter.text).toContain(domain)
    expect(letter.text.includes(host.words[locale].where)).toBe(facts.steps.length > 0)
  })
})

describe.each(every)('field N4: whatever happens, a letter for $id in $locale', ({ host, locale }) => {
  const letters = [
    ...troubles.map((trouble) => ({
      name: trouble.name,
      letter: written(troubledAt(host, locale, trouble)),
    })),
    ...others.map(({ name, facts }) => ({ name, letter: written(factsOf(host, locale, facts)) })),
  ]
  test('has no gap, no trace of its template and a subject of one line', () => {
    for (const { name, letter } of letters) {
      const whole = `${letter.subject}\n${letter.text}\n${letter.markdown}`
      expect([name, whole.match(/[{}]|%}|undefined|null|NaN|\*\*\*\*| \.$|, ,|\(\)|: \.|\n\n\n/m)]).toEqual([
        name,
        null,
      ])
      expect([name, letter.subject]).toEqual([name, expect.stringMatching(/^\S.*\S$/)])
      expect(letter.html).not.toMatch(/<script|<img|<iframe|https?:\/\/[^"<]*\.example/)
    }
  })
  test('is typeset in its own language and has no word of the other', () => {
    // What hosts call their buttons is quoted, and values are as they are.
    const frames = letters.map(({ letter }) =>
      letter.text
        .split('\n')
        .filter((line) => !line.startsWith('    '))
        .join('\n')
        .replaceAll(domain, 'commune.example')
        .replace(/«\u00a0[^»]*»|“[^”]*”|https?:\/\/\S+/g, '«\u00a0»'),
    )
    const wrong =
      locale === 'fr'
        ? /[^\u00a0\u202f\d][:;?!](?=\s)|«[^\u00a0]|[^\u00a0]»|'|\b(?:the|your|record|please|mail|with|and)\b/i
        : /[ \u00a0\u202f][:;?!]|'|\b(?:le|la|les|votre|vous|pour|enregistrement|courrier)\b/i
    expect(frames.map((frame) => wrong.exec(frame)?.[0]).filter(Boolean)).toEqual([])
  })
})

test.each(troubles.filter(({ code }) => code !== null && code in why && code !== 'no_test'))(
  'field N5: $name is told to the town in the words of the catalogue, unless DNS says more',
  (trouble) => {
    const [host] = knownHosts
    if (!host) throw new Error('no host')
    const { text } = written(troubledAt(host, 'fr', trouble))
    const more = Object.values(fr.troubles).some(({ title }) => text.includes(title))
    const known = new Map(Object.entries(why))
    expect(more || text.includes(known.get(trouble.code ?? '')?.consequence ?? '-')).toBe(true)
  },
)

test('what dimail said before the zone changed is not told any more', () => {
  const [first] = troubles.filter(({ name }) => name === 'wrong_mx')
  const [host] = knownHosts
  if (!first || !host) throw new Error('no such trouble')
  const facts = troubledAt(host, 'fr', { ...first, code: 'no_mx' })
  expect(written(facts).text).not.toContain(why.no_mx.title)
  expect(written(facts).text).toContain(why.wrong_mx.title)
})

test('a change is told by what is there and by what replaces it, and what stays is not typed again', () => {
  const [host] = knownHosts
  if (!host) throw new Error('no host')
  const before = mxAt('mx.ancien.example', 20)
  const proposal = { changes: [change('replace-wrong', before, { ...before, priority: 10 })], hindered: [] }
  const { text } = written({ ...factsOf(host, 'fr', { proposal }) })
  expect(text).toMatch(
    /Priorité\u00a0: 20\n[\s\S]*sans toucher au reste\u00a0:\n\n {4}Priorité\u00a0: 10\n\n/,
  )
  expect(text.split('mx.ancien.example.')).toHaveLength(2)
})

test.each(['fr', 'en'] as const)(
  '%s: a server that may no longer send is named before its MX goes',
  (locale) => {
    const [host] = knownHosts
    if (!host) throw new Error('no host')
    const removed = change('remove-extra-mx', mxAt('mx.ancien.example', 20), null)
    const facts = { loses: 'mail.*ancien*.example' }
    const proposal = { changes: [{ ...removed, facts }], hindered: [] }
    const { text, markdown } = written(factsOf(host, locale, { proposal }))
    expect(text).toContain(
      locale === 'fr' ? 'ce serveur (mail.*ancien*.example)' : 'this server (mail.*ancien*.example)',
    )
    expect(markdown).toContain('mail.\\*ancien\\*.example')
  },
)

test('each of the other situations has a letter of its own, which asks for no change', () => {
  const [host] = knownHosts
  if (!host) throw new Error('no host')
  const texts = others.map(({ facts }) => written(factsOf(host, 'fr', facts)))
  expect(new Set(texts.map(({ subject }) => subject)).size).toBe(situations.length - 1)
  for (const { text } of texts) expect(text).not.toContain(host.words.fr.add)
  expect(texts[2]?.text).toContain('bureau d’enregistrement')
  expect(texts[3]?.text).toContain('ns2.commune.example (192.0.2.2) refuse de répondre.')
  expect(texts[3]?.text).not.toContain('ns3.commune.example')
  expect(texts[4]?.text).toContain('DNSSEC')
})

test('a server without an address is named in the letter: only the town can give it one', () => {
  const [host] = knownHosts
  if (!host) throw new Error('no host')
  const diagnosis = diagnosisOf([judged('mx', 'mx', 'mx', 'error')], {
    servers: [
      { role: 'authoritative', name: 'ns1.commune.example', address: null, trouble: 'not-asked' },
      { role: 'authoritative', name: 'ns2.commune.example', address: '192.0.2.2', trouble: 'not-asked' },
    ],
  })
  const { text } = written(factsOf(host, 'fr', { diagnosis }))
  expect(text).toContain('- ns1.commune.example n’a pas d’adresse.')
  expect(text).not.toContain('ns2.commune.example')
})

const unknowing: [what: string, seen: Partial<Pick<Diagnosis, 'delegation' | 'servers'>>][] = [
  [
    'nothing could be asked',
    { delegation: { state: 'unread', zone: null, parent: [], child: [], findings: [] } },
  ],
  [
    'this computer has no IPv6',
    { servers: [{ role: 'authoritative', name: 'ns1.example', address: '2001:db8::1', trouble: 'no-ipv6' }] },
  ],
  ['only what lies elsewhere could not be read', {}],
]
test.each(unknowing)('when %s, no letter accuses the name servers of the town', (_what, seen) => {
  const [host] = knownHosts
  if (!host) throw new Error('no host')
  const diagnosis = diagnosisOf([judged('spf', 'spf', 'spf', 'error')], seen)
  expect(letterOf(factsOf(host, 'fr', { diagnosis }), template('fr'))).toMatchObject({
    ok: false,
    failure: { code: 'not-possible', reason: 'dns-unread' },
  })
})

test('whoever is asked to type a whole name is told so for every type', () => {
  const orange = knownHosts.find(({ id }) => id === 'orange')
  const [first] = troubles.filter(({ name }) => name === 'no_dkim')
  if (!orange || !first) throw new Error('no host')
  expect(written(troubledAt(orange, 'fr', first)).text).toContain('Les noms sont donnés en entier')
})

const hostile = [
  [
    '# titre',
    '- point',
    '1. un',
    '> dit',
    '```',
    '`',
    '**gras**',
    '_',
    '[a](https://evil.example)',
    '![i](x)',
  ],
  [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '&lt;b&gt;',
    '</style>',
    '| a | b |',
    '~~x~~',
  ],
  [
    '{{ domain }}',
    '{% raw %}',
    '{{ "a" | strong }}',
    '%}',
    '$&',
    '\\',
    '\\*',
    'https://evil.example/a_b',
    'a"b\'c',
  ],
  [
    'v=spf1\u202e lla~',
    'a\nb',
    'a\u2028b',
    ' deux  espaces ',
    '`` deux ` trois ```',
    '<https://evil.example>',
  ],
].flat()

test.each(hostile)('field 3.8: %j published by somebody comes out as text in every form', (value) => {
  const [host] = knownHosts
  if (!host) throw new Error('no host')
  const proposal = { changes: [change('drop-second-spf', textAt('', value), null)], hindered: [] }
  const given = {
    ...factsOf(host, 'fr', { proposal }),
    note: `Avant ${value} après`,
    service: value,
    agent: value,
  }
  const letter = written(given)
  const shown = value.replace(/[\n\u2028\u202e]/g, (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`)
  expect(letter.text).toContain(`Valeur\u00a0: ${shown}`)
  // Spaces at both ends are all that a page folds.
  expect(seenOf(letter.html)).toContain(shown.trim())
  const usual = written({
    ...given,
    steps: stepsOf(host, proposal, domain),
    note: 'x',
    service: 'x',
    agent: 'x',
  })
  const tags = (html: string) => html.match(/<\/?(?!br\b)[a-z][^>]*>/gi)
  expect(tags(letter.html)).toEqual(tags(usual.html))
  expect(letter.html).not.toContain('href="https://evil')
})

test('the agent’s own words keep their lines, and stand before what does not work', () => {
  const [host] = knownHosts
  if (!host) throw new Error('no host')
  const note = 'Comme convenu au téléphone.\r\nÀ demain\t!\r\n\r\n- Capucine\u202e'
  const { text, markdown, html } = written(factsOf(host, 'fr', { note }))
  expect(text).toContain('\n\nComme convenu au téléphone.\nÀ demain !\n\n- Capucine\\u{202e}\n\n')
  expect(markdown).toContain('Comme convenu au téléphone.\\\nÀ demain \\!\n\n\\- Capucine')
  expect(html).toContain('Comme convenu au téléphone.<br>À demain !</p>')
})

test('both languages have words for every reason, hindrance and trouble', () => {
  expect(Object.keys(fr.reasons).sort()).toEqual([...changeReasons].sort())
  expect(Object.keys(fr.hindered).sort()).toEqual([...hindrances].sort())
  const keys = (tree: object): string[] =>
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [key] : keys(value).map((inner) => `${key}.${inner}`),
    )
  expect(keys(en)).toEqual(keys(fr))
})

test.each([
  [0, '5 minutes', '5 minutes'],
  [3540, '59 minutes', '59 minutes'],
  [3600, 'une heure', 'one hour'],
  [3601, '2 heures', '2 hours'],
  [86_400, 'une journée', 'one day'],
  [200_000, '3 jours', '3 days'],
])('%i seconds are %s, or %s', (seconds, french, english) => {
  expect(durationOf(seconds, 'fr').replace('\u00a0', ' ')).toBe(french)
  expect(durationOf(seconds, 'en')).toBe(english)
})
