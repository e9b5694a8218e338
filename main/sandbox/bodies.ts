import { z } from 'zod'
import { Refusal } from './errors.ts'

const yes = ['true', '1', 'on', 't', 'y', 'yes']
const no = ['false', '0', 'off', 'f', 'n', 'no']

/** A boolean as pydantic reads it: words and digits too (docs/dimail.md 2.2). */
export const lenientBoolean = z.preprocess((value) => {
  if (typeof value !== 'string' && typeof value !== 'number') return value
  const word = String(value).toLowerCase()
  return yes.includes(word) ? true : no.includes(word) ? false : value
}, z.boolean())

/** A whole number as pydantic reads it: digits in a string too. */
export const lenientInteger = z.preprocess(
  (value) => (typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value),
  z.int(),
)

/**
 * The JSON of a request body; undefined when it is empty, the text itself when it is not said to be JSON.
 * @throws Refusal 422 `json_invalid`, which comes before authentication (docs/dimail.md 1.2).
 */
export function readJson(text: string, contentType: string | undefined): unknown {
  if (text === '') return undefined
  if (contentType !== undefined && !/^application\/([\w.-]+\+)?json\b/i.test(contentType)) return text
  try {
    return JSON.parse(text)
  } catch {
    const error = { type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {} }
    throw new Refusal(422, [{ ...error, ctx: { error: 'Expecting value' } }])
  }
}

/** The body in the shape of a schema. @throws Refusal 422 with errors as FastAPI lists them. */
export function validate<S extends z.ZodType>(schema: S, json: unknown): z.output<S> {
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new Refusal(
    422,
    parsed.error.issues.map((issue) => explain(issue, json)),
  )
}

const kinds: Record<string, [type: string, msg: string]> = {
  string: ['string_type', 'Input should be a valid string'],
  boolean: ['bool_type', 'Input should be a valid boolean'],
  array: ['list_type', 'Input should be a valid list'],
  int: ['int_type', 'Input should be a valid integer'],
  number: ['int_type', 'Input should be a valid integer'],
  object: ['model_attributes_type', 'Input should be a valid dictionary or object to extract fields from'],
}

function explain(issue: z.core.$ZodIssue, json: unknown) {
  const loc = ['body', ...issue.path]
  const input = at(json, issue.path)
  if (input === undefined) {
    const parent = issue.path.length === 0 ? null : at(json, issue.path.slice(0, -1))
    return { type: 'missing', loc, msg: 'Field required', input: parent }
  }
  if (issue.code === 'invalid_value') {
    const choices = issue.values.map((value) => `'${String(value)}'`)
    const expected = [choices.slice(0, -1).join(', '), choices.at(-1)].filter(Boolean).join(' or ')
    return { type: 'enum', loc, msg: `Input should be ${expected}`, input, ctx: { expected } }
  }
  const expected = issue.code === 'invalid_type' ? issue.expected : 'object'
  if (expected === 'boolean' && typeof input === 'string') {
    const msg = 'Input should be a valid boolean, unable to interpret input'
    return { type: 'bool_parsing', loc, msg, input }
  }
  const [type, msg] = kinds[expected] ?? ['value_error', issue.message]
  return { type, loc, msg, input }
}

function at(json: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = json
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, key)
  }
  return value
}
