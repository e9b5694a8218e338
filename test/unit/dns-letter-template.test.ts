import { describe, expect, test } from 'vitest'
import { checkTemplate, letterOf } from '../../main/diagnosis/letter.ts'
import { ownTemplates, templateOf } from '../../main/diagnosis/own-templates.ts'
import { locales } from '../../preload/shapes.ts'
import { domain, factsOf, knownHosts, template } from './dns-letter-town.ts'

describe('the template of a profile', () => {
  const facts = () => {
    const [host] = knownHosts
    if (!host) throw new Error('no host')
    return factsOf(host, 'fr', {})
  }
  test('takes the place of the program’s own, in its language alone', () => {
    const profile = { fr: 'Objet\n---\nBonjour', en: null }
    expect(templateOf(profile, 'fr')).toBe(profile.fr)
    expect(templateOf(profile, 'en')).toBe(ownTemplates.en)
    expect(ownTemplates).toEqual({ fr: template('fr'), en: template('en') })
    const letter = letterOf(facts(), 'Pour {{ domain }}\n---\n{{ service | strong }} : {{ "un *mot*" }}')
    expect(letter).toMatchObject({
      value: {
        subject: `Pour ${domain}`,
        text: 'Messagerie de l’État : un *mot*\n',
        markdown: `# Pour ${domain}\n\n**Messagerie de l’État** : un \\*mot\\*\n`,
      },
    })
  })

  test.each(locales)('the program’s own (%s) can be used', (locale) => {
    expect(checkTemplate(ownTemplates[locale], locale)).toEqual({ ok: true, value: undefined })
  })

  const manyTimes = (text: string) => `{% for i in (1..999) %}${text}{% endfor %}`
  const doubling =
    'Objet\n---\n{% assign a = "xxxxxxxxxx" %}{% for i in (1..60) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}'
  const broken: [what: string, text: string, line: number, reason: RegExp][] = [
    ['an unclosed tag', 'Objet\n---\n{% if agent %}\nx', 3, /not closed/],
    ['an unclosed value', 'Objet\n---\n\n{{ domain', 4, /not closed/],
    ['an unknown tag', 'Objet\n---\n{% nothing %}', 3, /tag "nothing" not found/],
    ['an unknown name', 'Objet\n---\n\n{{ domian }}', 4, /undefined variable: domian/],
    ['an unknown filter', 'Objet\n---\n{{ domain | shout }}', 3, /undefined filter: shout/],
    [
      'a filter that would leave a value as it is',
      'Objet\n---\n{{ domain | raw }}',
      3,
      /undefined filter: raw/,
    ],
    ['a name of the language below', 'Objet\n---\n{{ domain.constructor }}', 3, /undefined variable/],
    ['another file', 'Objet\n---\n{% include "/etc/passwd" %}', 3, /ENOENT/],
    ['another file to render', 'Objet\n---\n{% render "../package.json" %}', 3, /ENOENT/],
    ['a file to be laid out in', '{% layout "/etc/passwd" %}Objet\n---\n', 1, /ENOENT/],
    ['no subject', 'Bonjour', 1, /no subject/],
    ['nothing', '', 1, /no subject/],
    [
      'a list without end',
      'Objet\n---\n{% for i in (1..1000000000) %}{{ i }}{% endfor %}',
      3,
      /memory.*limit/,
    ],
    [
      'lists within lists',
      'Objet\n---\n{% for a in (1..900) %}{% for b in (1..900) %}{% for c in (1..900) %}x{% endfor %}{% endfor %}{% endfor %}',
      3,
      /limit/,
    ],
    ['far too much', `Objet\n---\n${'x'.repeat(200_000)}`, 1, /limit/],
    ['spaces and nothing else', ' '.repeat(20_000), 1, /no subject/],
    ['spaces in place of a subject', `${' '.repeat(20_000)}\n---\n`, 1, /no subject/],
    ['a text that doubles', doubling, 3, /limit/],
    ['a text that is too long', `Objet\n---\n${manyTimes('x'.repeat(150))}`, 1, /too long/],
    ['quotes in quotes', `Objet\n---\n${manyTimes('>'.repeat(90))}`, 1, /nested/],
    [
      'a page that no printer takes',
      `Objet\n---\n[a]: https://a.example/${'x'.repeat(9000)}\n\n${manyTimes('[a] ')}`,
      1,
      /too long/,
    ],
  ]
  test.each(broken)('with %s is refused, with its line and the reason', (_what, text, line, reason) => {
    for (const result of [checkTemplate(text, 'fr'), letterOf(facts(), text)]) {
      expect(result).toMatchObject({
        ok: false,
        failure: {
          ...{ code: 'invalid', reason: 'letter-template' },
          details: { line, reason: expect.stringMatching(reason) },
        },
      })
    }
    // The program's own still works.
    expect(letterOf(facts(), ownTemplates.fr).ok).toBe(true)
  })

  test.each([
    ['_', `Objet\n---\n${manyTimes('_a __a_ '.repeat(14))}`],
    ['*', `Objet\n---\n${manyTimes('*a **a '.repeat(14))}`],
  ])('with a hundred thousand marks of emphasis, %s, is read in a few seconds', (_mark, text) => {
    const start = performance.now()
    checkTemplate(text, 'fr')
    expect(performance.now() - start).toBeLessThan(8000)
  })

  test('that is slow for each letter is refused before it is slow for all', () => {
    const text = `Objet\n---\n${`{% for i in (1..999) %}${'{% cycle "a", "b" %}'.repeat(90)}{% endfor %}`}`
    const start = performance.now()
    checkTemplate(text, 'fr')
    expect(performance.now() - start).toBeLessThan(4000)
  })

  test('that is wrong in one situation only is refused when it is kept, not on the day it is needed', () => {
    const text = 'Objet\n---\n{% if situation == "unread" %}{{ oubli }}{% endif %}'
    expect(letterOf(facts(), text).ok).toBe(true)
    expect(checkTemplate(text, 'fr').ok).toBe(false)
  })
})
