import { z } from 'zod'
import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Attributes } from '../../preload/provisioning-shapes.ts'
import { parseJson } from '../http/json.ts'

/** Null when they fit, else the name of an attribute that does not; empty: of none in particular. */
export type Fits = (attributes: Attributes) => string | null

/**
 * The check that a JSON Schema (2020-12) stands for; null: everything fits. zod 4.6 understands a part of it and
 * passes silently over the rest: constraints without a `type`, what stands beside `$ref` or `enum`, `required` names
 * without a property, unknown keywords. So what is not in the part below fails with `invalid/attributes-schema`: a
 * schema that does not check what it says is worse than none.
 */
export function fitsOf(schema: string | null): Result<Fits> {
  if (schema === null) return ok(() => null)
  if (last?.schema !== schema) last = { schema, fits: compile(schema) }
  return last.fits
}

/** The schema of a profile is asked for at each name. */
let last: { schema: string; fits: Result<Fits> } | null = null

function compile(text: string): Result<Fits> {
  const json = parseJson(text)
  if (!json.ok) return notUnderstood(json.failure.message)
  if (json.value === true || open.safeParse(json.value).success) return ok(() => null)
  const read = understood.safeParse(json.value)
  if (!read.success) return notUnderstood(told(read.error.issues))
  try {
    return ok(checkOf(read.data, z.fromJSONSchema(asGiven(read.data), { registry: z.registry() })))
  } catch (error) {
    // zod throws on what it cannot convert, an invalid pattern say.
    return notUnderstood(error instanceof Error ? error.message : 'The schema cannot be read.')
  }
}

/** zod's type of a schema has no place for what is absent but declared. */
const asGiven = (schema: z.infer<typeof understood>) => schema as z.core.JSONSchema.JSONSchema

function checkOf(schema: z.infer<typeof understood>, shape: z.ZodType): Fits {
  return (attributes) => {
    const absent = schema.required?.find((name) => !Object.hasOwn(attributes, name))
    if (absent !== undefined) return absent
    const checked = shape.safeParse(attributes)
    return checked.success ? null : nameIn(checked.error.issues[0])
  }
}

type Issue = z.core.$ZodIssue

const nameIn = (issue: Issue | undefined): string =>
  String((issue?.code === 'unrecognized_keys' ? issue.keys : issue?.path)?.[0] ?? '')

/** The keyword, or the place, that is not understood. */
function told(issues: readonly Issue[]): string {
  // The way of reading that got furthest is the one that was meant.
  const [strange] = issues.flatMap(leaves).sort((one, other) => other.path.length - one.path.length)
  if (!strange) return 'The schema cannot be read.'
  const place = strange.path.length > 0 ? ` (${strange.path.map(String).join('.')})` : ''
  return `${strange.code === 'unrecognized_keys' ? strange.keys.join(', ') : strange.message}${place}`
}

/** What each way of reading found wrong, with where it is in the whole. */
function leaves(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  return issue.errors.flat().flatMap((inner) => leaves({ ...inner, path: [...issue.path, ...inner.path] }))
}

const notUnderstood = (cause: string) =>
  failed('invalid', 'attributes-schema', 'The schema of the attributes is not understood.', {
    cause: cause.slice(0, 200),
  })

const count = z.int().nonnegative()
const types = ['string', 'number', 'integer', 'boolean'] as const
const annotations = {
  title: z.string().optional(),
  description: z.string().optional(),
  $comment: z.string().optional(),
  examples: z.array(z.unknown()).optional(),
  deprecated: z.boolean().optional(),
}
/** What zod checks of `format`; any other it would ignore. */
const formats = ['email', 'uri', 'uuid', 'date', 'date-time', 'time', 'hostname', 'ipv4', 'ipv6'] as const
const constraints = {
  minLength: count.optional(),
  maxLength: count.optional(),
  pattern: z.string().optional(),
  format: z.enum(formats).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  multipleOf: z.number().positive().optional(),
}
const primitive = z.union([z.string(), z.number(), z.boolean()])
/** The schema of one attribute: a list of values, or a type with constraints. */
const ofValue = z.union([
  z.boolean(),
  z.strictObject({
    ...annotations,
    type: z.union([z.enum(types), z.array(z.enum(types)).min(1)]),
    ...constraints,
  }),
  z.strictObject({ ...annotations, enum: z.array(primitive).min(1) }),
  z.strictObject({ ...annotations, const: primitive }),
])
const about = {
  ...annotations,
  $schema: z.literal('https://json-schema.org/draft/2020-12/schema').optional(),
  $id: z.string().optional(),
}
/** What a schema of attributes may say. */
const understood = z
  .strictObject({
    ...about,
    type: z.literal('object'),
    properties: z.record(z.string(), ofValue).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: ofValue.optional(),
    patternProperties: z.record(z.string(), ofValue).optional(),
    propertyNames: z.strictObject({ ...annotations, type: z.literal('string'), ...constraints }).optional(),
    minProperties: count.optional(),
    maxProperties: count.optional(),
  })
  .refine(
    ({ patternProperties, additionalProperties }) =>
      patternProperties === undefined || typeof additionalProperties !== 'object',
    'additionalProperties beside patternProperties',
  )
/** `{}` lets everything through, as `true` does. */
const open = z.strictObject(about)
