import { describe, expect, test } from 'vitest'
import { hosts, type ServerMode } from '../../main/sandbox/dns/servers.ts'
import { namesOf, openDns, town } from './sandbox-dns-open.ts'
import { domainOf, failing, field } from './sandbox-wire.ts'

const right = 'mx.ox.numerique.example.'
const wrong = 'mail.ancien-hebergeur.example.'
const mx = (value: string) => ({ target: '', type: 'mx', value })
const serialOf = (said: { answers: string[] } | null) => Number(/\d{10}/.exec(said?.answers[0] ?? '')?.[0])

/** The town with nothing but an MX, and how to publish another as its owner would. */
async function openTown() {
  const opened = await openDns()
  const { control, ask, admin } = opened
  const publish = async (value: string, modes: Record<string, ServerMode> = {}) => {
    const servers = Object.entries(modes).map(([name, mode]) => ({ name, mode }))
    const body = { domain: town, delegated: true, records: [mx(value)], servers }
    expect((await control('POST', 'publish', body)).status).toBe(200)
  }
  const seenByDimail = async () => {
    const answer = await ask('GET', `/domains/${town}/check`, { as: admin })
    const codes = failing(answer.json).flatMap((check) => check.codes)
    return answer.status === 200 ? codes.filter((code) => /mx/.test(String(code))) : answer.status
  }
  await publish(right)
  return { ...opened, publish, seenByDimail }
}

test('an edit changes what DNS answers and what dimail checks, and the serial grows', async () => {
  const { at, publish, seenByDimail } = await openTown()
  const before = serialOf(await at()(town, 'SOA'))
  expect([(await at()(town, 'MX'))?.answers, await seenByDimail()]).toEqual([
    [`${town} MX 10 mx.ox.numerique.example`],
    [],
  ])
  await publish(`5 ${wrong}`)
  expect([(await at()(town, 'MX'))?.answers, await seenByDimail()]).toEqual([
    [`${town} MX 5 mail.ancien-hebergeur.example`],
    ['wrong_mx'],
  ])
  expect(serialOf(await at()(town, 'SOA'))).toBe(before + 1)
  await publish(`20 ${right}`)
  expect(await seenByDimail()).toEqual([])
})

test('dimail and the name servers agree on wildcards, too', async () => {
  const { control, ask, admin, at, domain } = await openTown()
  const { imap } = domain.wanted
  await control('POST', 'zone', { domain: town, records: [{ target: '*', type: 'CNAME', value: imap }] })
  const { json } = await ask('GET', `/domains/${town}/check`, { as: admin })
  const codes = failing(json).flatMap((check) => check.codes)
  expect(codes).not.toContain('no_cname_imap')
  expect(codes).toContain('wrong_cname_smtp')
  expect((await at()(`imap.${town}`, 'CNAME'))?.answers).toEqual([
    `imap.${town} CNAME imap.ox.numerique.example`,
  ])
})

test('heal publishes the right records at servers that are right again', async () => {
  const { at, control, publish, seenByDimail } = await openTown()
  const [first = ''] = namesOf(town)
  await publish(wrong, { [first]: 'servfail' })
  expect(await at(first)(town, 'MX')).toMatchObject({ rcode: 'SERVFAIL' })
  await control('POST', 'heal', { domain: town })
  expect((await at(first)(town, 'MX'))?.answers).toEqual([`${town} MX 10 mx.ox.numerique.example`])
  expect(await seenByDimail()).toEqual([])
})

describe('field 2.1: name servers that do not say the same', () => {
  const modes: [mode: ServerMode, said: object | null][] = [
    ['silent', null],
    ['servfail', { rcode: 'SERVFAIL', answers: [] }],
    ['refuses', { rcode: 'REFUSED', answers: [] }],
    ['lame', { rcode: 'NOERROR', aa: false, answers: [] }],
    ['behind', { rcode: 'NOERROR', aa: true, answers: [`${town} MX 10 mx.ox.numerique.example`] }],
    ['right', { rcode: 'NOERROR', aa: true, answers: [`${town} MX 10 mail.ancien-hebergeur.example`] }],
  ]
  test.each(modes)('one that is %s is so, the other is right', async (mode, said) => {
    const { at, publish } = await openTown()
    const [first = '', second] = namesOf(town)
    await publish(wrong, { [first]: mode })
    const told = await at(first)(town, 'MX')
    if (said === null) expect(told).toBeNull()
    else expect(told).toMatchObject(said)
    expect(await at(first)(town, 'MX', { over: 'tcp' })).toEqual(told)
    expect(await at(second)(town, 'MX')).toMatchObject({
      answers: [`${town} MX 10 mail.ancien-hebergeur.example`],
    })
    // Of other domains the server says what it says.
    const other =
      hosts.find(({ servers }) => servers.some(({ name }) => name === first))?.servers[1]?.name ?? ''
    expect(await at(first)(other, 'A')).toMatchObject({ rcode: 'NOERROR', aa: true })
  })

  test('the serial of one that is behind is the older one', async () => {
    const { at, publish } = await openTown()
    const [first = '', second] = namesOf(town)
    await publish(wrong, { [first]: 'behind' })
    expect(serialOf(await at(first)(town, 'SOA'))).toBe(serialOf(await at(second)(town, 'SOA')) - 1)
  })

  test('dimail asks the first that answers, and fails when none does', async () => {
    const { publish, seenByDimail } = await openTown()
    const [first = '', ...others] = namesOf(town)
    await publish(wrong, { [first]: 'behind' })
    expect(await seenByDimail()).toEqual([])
    await publish(wrong, { [first]: 'silent' })
    expect(await seenByDimail()).toEqual(['wrong_mx'])
    await publish(wrong, Object.fromEntries([first, ...others].map((name) => [name, 'refuses'])))
    expect(await seenByDimail()).toBe(500)
  })

  test.each([
    ['timeout', null],
    ['servfail', { rcode: 'SERVFAIL' }],
  ] as const)('a zone that fails with %s does so at all its servers', async (failure, said) => {
    const { at, domain, recursive } = await openTown()
    domain.zone.failure = failure
    for (const name of namesOf(town)) {
      const told = await at(name)(town, 'MX')
      if (said === null) expect(told).toBeNull()
      else expect(told).toMatchObject(said)
    }
    expect(await recursive(town, 'MX')).toMatchObject({ rcode: 'SERVFAIL', extended: [22] })
  })
})

test('reset forgets what was edited, how servers behaved and what resolvers kept', async () => {
  const { at, control, publish, recursive, sandbox } = await openTown()
  const [first = ''] = namesOf(town)
  await publish(wrong, { [first]: 'refuses' })
  await recursive(town, 'MX')
  await control('POST', 'reset')
  const answers = domainOf(sandbox, town)
    .zone.records.filter(({ type }) => type === 'mx')
    .map(({ value }) => `${town} MX 10 ${value.slice(0, -1)}`)
  expect((await at(first)(town, 'MX'))?.answers).toEqual(answers)
  expect((await recursive(town, 'MX'))?.answers).toEqual(answers)
})

describe('the fleet shows troubles of DNS that dimail does not see', () => {
  const seen = async (name: string) => {
    const opened = await openDns({ domains: 60 })
    const checked = await opened.ask('GET', `/domains/${name}/check`, { as: opened.admin })
    expect(field(checked, 'state')).toBe('ok')
    return opened
  }
  test('a second name server that is behind', async () => {
    const name = 'beauregard-en-vexane.example'
    const { at } = await seen(name)
    const [first, second] = await Promise.all(namesOf(name).map((server) => at(server)(name, 'MX')))
    expect(first?.answers).toEqual([`${name} MX 10 mx.ox.numerique.example`])
    expect(second?.answers).toEqual([`${name} MX 10 mail.ancien-hebergeur.example`])
  })
  test('a wildcard', async () => {
    const name = 'dunes-et-marais.example'
    const { sandbox, recursive } = await seen(name)
    expect(domainOf(sandbox, name).zone.records.some(({ target }) => target === '*')).toBe(true)
    expect((await recursive(`n-importe-quoi.${name}`, 'A'))?.answers).toHaveLength(1)
  })
  test('an MX that is a CNAME, a long chain of includes, a signature that is wrong', async () => {
    const { sandbox, recursive } = await openDns({ domains: 60 })
    const having = (suits: (domain: ReturnType<typeof domainOf>) => boolean) =>
      sandbox.world.names().filter((name) => suits(domainOf(sandbox, name)))
    const [aliased = ''] = having(({ zone }) =>
      zone.records.some(({ value }) => value.startsWith('20 secours.')),
    )
    expect((await recursive(`secours.${aliased}`, 'CNAME'))?.answers).toHaveLength(1)
    const [chained] = having(({ zone }) => zone.records.some(({ value }) => value.includes('_chaine.')))
    expect(chained).toBeDefined()
    expect((await recursive('_cinq-bis.newsletter.example', 'TXT'))?.answers).toHaveLength(1)
    const [badly = ''] = having(({ dnssec }) => dnssec === 'broken')
    expect(await recursive(badly, 'MX')).toMatchObject({ rcode: 'SERVFAIL', extended: [6] })
  })
})
