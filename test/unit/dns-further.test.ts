import { expect, test } from 'vitest'
import { furtherQuestions } from '../../main/dns/propose/further.ts'
import { nothing, type View } from '../../main/dns/zone/view.ts'

const asked: View = {
  look: (name, type) =>
    type === 'TXT' && name.endsWith('mairie.commune.example') ? nothing('no-name') : undefined,
}

test('field 2.1: what is above a domain is asked for the DMARC that holds for it too', () => {
  const wanted = furtherQuestions('mairie.commune.example', 'commune.example', [], asked)
  expect(wanted).toEqual([{ name: '_dmarc.commune.example', type: 'TXT' }])
})

test('field N3: what the proposal would include is asked, so that its look-ups can be counted', () => {
  const spf = { target: '', type: 'txt', value: 'v=spf1 include:_spf.plateforme.example -all' }
  const wanted = furtherQuestions('mairie.commune.example', 'commune.example', [spf], asked)
  expect(wanted).toContainEqual({ name: '_spf.plateforme.example', type: 'TXT' })
})
