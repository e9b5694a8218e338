import { expect, test } from 'vitest'
import { unwrap } from '../../preload/failure.ts'
import { box, letterOf, letters, link, openMailHere, reader, secrets, town } from './mail-open.ts'

const kinds = Object.keys(letters)
const cases = kinds.flatMap((name) => [[name, 'fr'] as const, [name, 'en'] as const])
/** What a reader must find, by letter: subject, then words of text and HTML alike. */
const words: Record<string, Record<'fr' | 'en', string[]>> = {
  welcome: {
    fr: [
      `Votre boîte aux lettres ${box} est prête`,
      link,
      '3\u00a0fois',
      '21 novembre 2026',
      '10:30 (heure de Paris)',
    ],
    en: [`Your mailbox ${box} is ready`, link, '3 times', '21 November 2026', '10:30 (Paris time)'],
  },
  'welcome with a password': {
    fr: [`Votre boîte aux lettres ${box} est prête`, secrets.password, 'Changez-le'],
    en: [`Your mailbox ${box} is ready`, secrets.password, 'Change it'],
  },
  'password-reset': {
    fr: [`Nouveau mot de passe de ${box}`, secrets.password, 'L’ancien ne fonctionne plus'],
    en: [`New password of ${box}`, secrets.password, 'The former one no longer works'],
  },
  'login-link': {
    fr: [`Lien de connexion à ${box}`, link, 'une seule fois', '10:30 (heure de Paris)'],
    en: [`Link to sign in to ${box}`, link, 'only once', '10:30 (Paris time)'],
  },
  invitation: {
    fr: [
      `Invitation à gérer le domaine ${town}`,
      'sacha@mairie.example',
      '«\u00a0administrateur\u00a0»',
      reader,
    ],
    en: [`Invitation to manage the domain ${town}`, 'sacha@mairie.example', '“administrator”', reader],
  },
  status: {
    fr: [
      `${town}\u00a0: une action de votre part est nécessaire`,
      'Enregistrement MX',
      'un seul enregistrement TXT',
      'controle_futur',
    ],
    en: [`${town}: you need to do something`, 'MX record', 'a single TXT record', 'controle_futur'],
  },
  test: {
    fr: ['Essai d’envoi de la Console dimail', 'Fictif', 'Il n’y a rien à faire'],
    en: ['Trial message from the Console dimail', 'Fictif', 'There is nothing to do'],
  },
}

test.each(cases)(
  'a letter "%s" in %s arrives as text and as HTML that say the same',
  async (name, locale) => {
    const { mail, sandbox, configure } = await openMailHere()
    unwrap(await configure())
    const outcome = await mail.post.send({ ...letterOf(name), locale })
    expect(outcome).toEqual({ state: 'sent', id: expect.any(String), to: reader, failure: null, draft: null })
    const [message, ...others] = sandbox.outbox.list()
    if (message === undefined) throw new Error('Nothing arrived')
    expect(others).toEqual([])
    expect([message.from, message.to]).toEqual([`Mairie <console@${town}>`, reader])
    const [subject, ...rest] = words[name]?.[locale] ?? []
    expect(message.subject).toBe(subject)
    for (const word of rest) {
      expect(message.text).toContain(word)
      expect(message.html).toContain(word)
    }
    expect(message.html).toContain(`<html lang="${locale}">`)
    // Nothing that a reader's program would fetch, and nothing that tells who read.
    expect(message.html).not.toMatch(/<(img|script|link|iframe|object)|@import|url\(|src=|background=/i)
    const addresses = [...message.html.matchAll(/https?:[^"<\s]+/g)].map(([address]) => address)
    expect(new Set(addresses)).toEqual(new Set('link' in letterOf(name).facts ? [link] : []))
  },
)

test('field 1.5: the status letter says which checks fail and what to do about each', async () => {
  const { mail, sandbox, configure } = await openMailHere()
  await configure()
  await mail.post.send(letterOf('status'))
  const [message] = sandbox.outbox.list()
  const items = message?.text.split('\n').filter((line) => line.startsWith('- '))
  expect(items).toEqual([
    '- Enregistrement MX\u00a0: publiez le seul MX attendu et retirez les autres.',
    '- Enregistrement SPF\u00a0: publiez un seul enregistrement TXT «\u00a0v=spf1\u00a0» qui contient l’include attendu.',
    '- controle_futur\u00a0: demandez à votre assistance ce que ce contrôle attend.',
  ])
})

test('the profile’s language is used unless the letter chooses another', async () => {
  const { mail, sandbox, base } = await openMailHere()
  await mail.configure({ ...base, locale: 'en', password: sandbox.mail.smtp.password })
  await mail.post.send(letterOf('test'))
  await mail.post.send({ ...letterOf('test'), locale: 'fr' })
  const subjects = sandbox.outbox.list().map(({ subject }) => subject)
  expect(subjects).toEqual(['Essai d’envoi de la Console dimail', 'Trial message from the Console dimail'])
})

test('dimail S5: a password is in a letter only when the letter is made of one, whatever any setting says', async () => {
  const { desk, sandbox, smtp, deps, mail: before } = await openMailHere()
  await before.close()
  await desk.writeSetting('mail', {
    ...{ smtp, webmail: null, locale: 'fr' },
    ...{ SEND_MAILBOX_PASSWORD: 'false', sendPassword: 'false' },
  })
  process.env.SEND_MAILBOX_PASSWORD = 'false'
  const { openMail } = await import('../../main/mail/open-mail.ts')
  const mail = await openMail({ ...deps, vault: { read: () => sandbox.mail.smtp.password, write: () => {} } })
  try {
    const welcome = letterOf('welcome')
    // A fact that the type does not know cannot be said either.
    const careless = { ...welcome, facts: { ...welcome.facts, clear: secrets.password } }
    expect((await mail.post.send(careless as typeof welcome)).state).toBe('sent')
  } finally {
    delete process.env.SEND_MAILBOX_PASSWORD
    await mail.close()
  }
  const [message] = sandbox.outbox.list()
  expect(message?.link).toBe(link)
  expect(`${message?.text}${message?.html}`).not.toContain(secrets.password)
})

test.each([
  '',
  '   ',
  'webmail.example/code/x',
  'javascript:alert(1)',
  'https://a.example/code/x\r\nBcc: b@c.example',
])('dimail D2: a letter whose link is %j is not sent', async (bad) => {
  const { mail, sandbox, configure } = await openMailHere()
  await configure()
  for (const name of ['welcome', 'login-link']) {
    const letter = letterOf(name)
    const facts = { link: bad, expiresAt: 1, maxUse: 3 }
    const outcome = await mail.post.send({ ...letter, facts } as typeof letter)
    expect(outcome).toMatchObject({ state: 'failed', failure: { code: 'invalid', reason: 'mail-empty' } })
  }
  expect(sandbox.outbox.list()).toEqual([])
})

test('dimail D2: neither is one whose password is empty or cannot be typed', async () => {
  const { mail, sandbox, configure } = await openMailHere()
  await configure()
  for (const password of ['', 'a\nb', 'a\u202eb']) {
    const outcome = await mail.post.send({
      ...{ domain: town, about: box, to: reader, kind: 'password-reset' },
      facts: { password },
    })
    expect(outcome.failure?.reason).toBe('mail-empty')
  }
  expect(sandbox.outbox.list()).toEqual([])
})

test('what is typed by people is text: neither HTML, nor a header, nor a template', async () => {
  const { mail, sandbox, configure } = await openMailHere()
  await configure()
  const nasty =
    'Lou <script>alert(1)</script>\r\nBcc: vole@autre.example\r\n\r\n<b>{expires}</b> \u202ecod.exe'
  const { facts: _facts, ...rest } = letterOf('invitation')
  const outcome = await mail.post.send({
    ...rest,
    domain: `${town}\r\nSubject: autre`,
    kind: 'invitation',
    facts: { role: 'viewer', by: nasty, expiresAt: 0 },
  })
  expect(outcome.state).toBe('sent')
  const [message, ...others] = sandbox.outbox.list()
  expect([message?.to, others]).toEqual([reader, []])
  expect(message?.subject).toBe(`Invitation à gérer le domaine ${town} Subject: autre`)
  expect(message?.html).not.toMatch(/<script|<b>/)
  expect(message?.text).toContain(
    'Lou <script>alert(1)</script> Bcc: vole@autre.example <b>{expires}</b> cod.exe',
  )
})

test('addresses in bad form get nothing: not two readers, not a name, not a new line', async () => {
  const { mail, sandbox, configure } = await openMailHere()
  await configure()
  const tried = [
    'a@b.example, c@d.example',
    'Lou <a@b.example>',
    'a@b.example\r\nRCPT TO:<c@d.example>',
    'a',
    'a@b@c',
  ]
  for (const to of tried) {
    const outcome = await mail.post.send({ ...letterOf('test'), to })
    expect(outcome.failure).toMatchObject({ code: 'invalid', reason: 'mail-address' })
  }
  expect(sandbox.outbox.list()).toEqual([])
})

test('dimail 8.3: nothing about a mailbox is sent to that very mailbox', async () => {
  const { mail, sandbox, configure } = await openMailHere()
  await configure()
  for (const name of ['welcome', 'password-reset', 'login-link']) {
    const outcome = await mail.post.send({ ...letterOf(name), to: ` ${box.toUpperCase()} ` })
    expect(outcome).toMatchObject({
      state: 'failed',
      failure: { code: 'invalid', reason: 'mail-own-address' },
    })
  }
  expect(sandbox.outbox.list()).toEqual([])
})
