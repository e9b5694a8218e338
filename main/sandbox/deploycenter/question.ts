import { z } from 'zod'
import type { Question } from './answers.ts'

type Errors = Record<string, string[]>
const absent = 'Ce champ est obligatoire.'
const blank = 'Ce champ ne peut être vide.'
const address = z.email()

/** The question in a query, or the body of the 400 that it gets: field by field (docs/entitlements.md 2.4). */
export function readQuestion(query: URLSearchParams): { question: Question } | { errors: Errors } {
  const errors: Errors = {}
  for (const name of ['account_type', 'siret']) {
    const value = query.get(name)
    if (value === null) errors[name] = [absent]
    else if (value.trim() === '') errors[name] = [blank]
  }
  const email = query.get('account_email') ?? ''
  if (email !== '' && !address.safeParse(email).success) {
    errors.account_email = ['Saisissez une adresse e-mail valide.']
  }
  if (Object.keys(errors).length > 0) return { errors }
  const accountId = query.get('account_id') ?? ''
  if (email === '' && accountId === '') {
    return { errors: { non_field_errors: ["Either 'account_id' or 'account_email' must be provided."] } }
  }
  const told = (name: string) => (query.get(name) ?? '').trim()
  return { question: { type: told('account_type'), siret: told('siret'), email, accountId } }
}
