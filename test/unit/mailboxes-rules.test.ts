import { describe, expect, test } from 'vitest'
import { validateMailbox, validateNames } from '../../main/mailboxes/rules.ts'
import type { NewMailbox } from '../../preload/mailbox-shapes.ts'

const typed: NewMailbox = {
  domain: 'Ville.Example',
  localPart: ' Alix.Navet ',
  givenName: ' Alix ',
  surName: 'Navet',
  displayName: '',
  secondaryEmail: null,
}
const reasonOf = (more: Partial<NewMailbox>) => {
  const result = validateMailbox({ ...typed, ...more })
  return result.ok ? result.value : `${result.failure.code}/${result.failure.reason}`
}

test('what is typed becomes a lower-case address and names without outer spaces', () => {
  expect(reasonOf({})).toEqual({
    domain: 'ville.example',
    localPart: 'alix.navet',
    address: 'alix.navet@ville.example',
    givenName: 'Alix',
    surName: 'Navet',
    displayName: 'Alix Navet',
    secondaryEmail: null,
  })
})

describe('a mailbox is refused before anything leaves', () => {
  test.each([
    ['', 'invalid/local-empty'],
    ['é', 'invalid/local-characters'],
    ['a b', 'invalid/local-characters'],
    ['a@b', 'invalid/local-characters'],
    ['../mailboxes/x?', 'invalid/local-characters'],
    ['..', 'invalid/local-dots'],
    ['.a', 'invalid/local-dots'],
    ['a..b', 'invalid/local-dots'],
    ['a'.repeat(65), 'invalid/local-too-long'],
    ['a'.repeat(151), 'invalid/local-too-long'],
    ['OxAdmin', 'invalid/local-reserved'],
  ])('for the local part %j', (localPart, reason) => expect(reasonOf({ localPart })).toBe(reason))

  test.each([
    [{ givenName: ' ' }, 'invalid/given-name'],
    [{ surName: '' }, 'invalid/surname'],
    [{ surName: 'x'.repeat(201) }, 'invalid/name-too-long'],
    [{ displayName: 'x'.repeat(402) }, 'invalid/name-too-long'],
    [{ givenName: 'Al\u0000ix' }, 'invalid/name-characters'],
    [{ givenName: 'Al\nix' }, 'invalid/name-characters'],
    [{ surName: 'Na\u202evet' }, 'invalid/name-characters'],
    [{ displayName: 'Na\u2066vet' }, 'invalid/name-characters'],
    [{ displayName: 'Na\u200bvet' }, 'invalid/name-characters'],
    [{ secondaryEmail: 'nobody' }, 'invalid/secondary-email'],
    [{ secondaryEmail: 'devnull@devnull' }, 'invalid/secondary-email'],
    [{ secondaryEmail: 'a@b.example\nBcc: c@d.example' }, 'invalid/secondary-email'],
    [{ secondaryEmail: 'ALIX.navet@ville.example' }, 'invalid/secondary-own'],
    [{ domain: 'ville' }, 'invalid/no-dot'],
  ])('for %j', (more, reason) => expect(reasonOf(more)).toBe(reason))
})

test('names are kept as people write them: composed, in any script, with a joiner where it belongs', () => {
  expect(
    reasonOf({ givenName: 'Ele\u0301a', displayName: 'Navet, Eléa', localPart: 'a_b-c.9' }),
  ).toMatchObject({
    givenName: 'El\u00e9a',
    displayName: 'Navet, Eléa',
    localPart: 'a_b-c.9',
  })
  expect(reasonOf({ givenName: 'نوا', surName: 'می\u200cخواهم' })).toMatchObject({ givenName: 'نوا' })
})

test('an empty secondary address is none', () => {
  expect(validateNames({ ...typed, secondaryEmail: '  ' }, 'x@ville.example')).toMatchObject({
    ok: true,
    value: { secondaryEmail: null },
  })
})
