import type { AccessChange } from '../../main/store/desk.ts'
import type { Access } from '../../preload/people-shapes.ts'

export const accessOf = (domain: string, more: Partial<Access> = {}): Access => ({
  domain,
  person: 'sub-camille',
  name: 'Camille Épinard',
  email: 'camille.epinard@valdore.example',
  role: 'administrator',
  by: 'deploycenter',
  at: 7,
  ...more,
})

export const granted = (domain: string, more: Partial<Access> = {}): AccessChange => ({
  action: 'access.grant',
  was: null,
  wanted: accessOf(domain, more),
})
