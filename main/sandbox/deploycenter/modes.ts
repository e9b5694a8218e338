import { html } from '../django.ts'

/** How DeployCenter behaves: as it does, or in one of the ways in which it can fail (docs/entitlements.md 3.2). */
export const modes = [
  'normal',
  'unauthorized',
  'failing',
  'html',
  'array',
  'null',
  'huge',
  'silent',
  'down',
] as const
export type Mode = (typeof modes)[number]

export const hugeBytes = 200_000_000
const chunk = new Uint8Array(64 * 1024).fill(0x78)

/** What an answer is in another mode than normal: `down` breaks the connection, which is no answer. */
export function misbehave(mode: Exclude<Mode, 'normal' | 'down'>): Response | Promise<Response> {
  switch (mode) {
    case 'unauthorized':
      return unauthorized()
    case 'failing':
      return html(500, 'Server Error (500)')
    case 'html':
      return html(200, 'Maintenance en cours')
    case 'array':
      return Response.json([])
    case 'null':
      return Response.json({ organization: null, operator: null, entitlements: null })
    case 'huge':
      return huge()
    case 'silent':
      return new Promise(() => {})
  }
}

/** The 401 of docs/entitlements.md 2.4, which a caller without session always gets. */
export const unauthorized = (detail = "Informations d'authentification non fournies.") =>
  Response.json({ detail }, { status: 401, headers: { 'www-authenticate': 'Bearer realm="api"' } })

/** JSON without end, as far as a client cares; made as it is read, and no further. */
function huge(): Response {
  let left = hugeBytes
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"entitlements": {"padding": "')),
    pull(controller) {
      controller.enqueue(chunk.subarray(0, left))
      left -= chunk.length
      if (left <= 0) controller.close()
    },
  })
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}
