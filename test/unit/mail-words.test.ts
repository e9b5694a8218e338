import fc from 'fast-check'
import { expect, test } from 'vitest'
import { render } from '../../main/mail/render.ts'
import { statuses } from '../../preload/shapes.ts'
import en from '../../resources/mail/en.json' with { type: 'json' }
import fr from '../../resources/mail/fr.json' with { type: 'json' }
import checks from '../../resources/why/checks.fr.json' with { type: 'json' }

/** Every text of a catalogue, under its path. */
function texts(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]]
  return Object.entries(Object(value)).flatMap(([key, inner]) => texts(inner, `${path}/${key}`))
}
const named = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([all]) => all).sort()

test('both languages have the same texts, which name the same values', () => {
  const english = new Map(texts(en))
  expect([...english.keys()]).toEqual(texts(fr).map(([path]) => path))
  for (const [path, text] of texts(fr))
    expect([path, named(english.get(path) ?? '')]).toEqual([path, named(text)])
})

test('no text is empty, nor spoilt by French without its no-break spaces', () => {
  for (const [path, text] of [...texts(fr), ...texts(en)]) expect([path, text.trim()]).toEqual([path, text])
  const wrong = texts(fr).filter(([, text]) =>
    /(?<!\u00a0)[;?!»]|(?<![\u00a0\w])[:]|«(?!\u00a0)|[ ][:;?!»]|'/.test(text),
  )
  expect(wrong).toEqual([])
  expect(texts(en).filter(([, text]) => /[ \u00a0][:;?!]|'/.test(text))).toEqual([])
})

test('every check that the console knows has a name and a remedy in the status letter', () => {
  expect(Object.keys(fr.checks).sort()).toEqual(Object.keys(checks).sort())
})

test.each(statuses.flatMap((status) => [[status, 'fr'] as const, [status, 'en'] as const]))(
  'the letter of status %s in %s has no gap, and no list when nothing fails',
  (status, locale) => {
    const letter = { domain: 'a.example', about: 'a.example', to: 'b@c.example', kind: 'status' } as const
    const { subject, text } = render({ ...letter, facts: { status, failing: [] } }, locale)
    expect(`${subject}${text}`).not.toMatch(/[{}]|undefined|\n- /)
  },
)

test('a time is told in Paris, in summer as in winter, whatever the zone of this computer', () => {
  const letter = {
    ...{ domain: 'a.example', about: 'x@a.example', to: 'b@c.example', kind: 'login-link' as const },
    facts: { link: 'https://w.example/code/x', expiresAt: Date.UTC(2026, 6, 14, 22, 5), maxUse: 3 },
  }
  expect(render(letter, 'fr').text).toContain('mercredi 15 juillet 2026 à 00:05 (heure de Paris)')
  expect(render(letter, 'en').text).toMatch(/Wednesday,? 15 July 2026 at 00:05 \(Paris time\)/)
})

test('whatever people are called, a letter keeps its one-line subject and its own tags', () => {
  const letterBy = (by: string, about: string, domain: string) =>
    render(
      { domain, about, to: 'b@c.example', kind: 'invitation', facts: { role: 'owner', by, expiresAt: 0 } },
      'fr',
    )
  const tags = (html: string) => html.match(/<[^>]*>/g)?.length
  const usual = tags(letterBy('a', 'b', 'c').html)
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('𝒜', 'a'), minLength: 150, maxLength: 400 }),
    fc.string({
      unit: fc.constantFrom('\r', '\n', '<', '>', '"', "'", '&', '{by}', '$&', '\u202e', '\u2028', 'a'),
    }),
  )
  fc.assert(
    fc.property(
      nasty,
      nasty,
      nasty.map((domain) => `x${domain}`),
      (by, about, domain) => {
        const { subject, text, html } = letterBy(by, about, domain)
        expect(subject).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
        expect(tags(html)).toBe(usual)
      },
    ),
    { numRuns: 500 },
  )
})
