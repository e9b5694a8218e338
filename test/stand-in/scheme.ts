import type { CustomScheme, Protocol } from 'electron'
import { standIn } from './partial.ts'
import { isReady } from './ready.ts'

// Chromium knows no scheme of ours: app://bundle/x is shown as https://bundle.app.stand-in.example/x.
const suffix = '.stand-in.example'

type Handler = Parameters<Protocol['handle']>[1]
const privileged = new Set<string>()
const handlers = new Map<string, Handler>()

/** The https address that stands for `url`, whose scheme must be registered and handled; a `data:` is itself. */
export function toPage(url: string): string {
  if (url.startsWith('data:')) return url
  const { protocol: scheme, host, pathname, search, hash } = new URL(url)
  const name = scheme.slice(0, -1)
  if (!handlers.has(name)) throw new Error(`the stand-in shows handled schemes only, not ${scheme}`)
  return `https://${host}.${name}${suffix}${pathname}${search}${hash}`
}

/** The address as main knows it; one of another origin is left as it is. */
export function toMain(address: string): string {
  if (!URL.canParse(address)) return address
  const url = new URL(address)
  const match = url.protocol === 'https:' && url.hostname.endsWith(suffix) && !url.port
  if (!match) return address
  const labels = url.hostname.slice(0, -suffix.length).split('.')
  const scheme = labels.pop()
  return `${scheme}://${labels.join('.')}${url.pathname}${url.search}${url.hash}`
}

export function handlerFor(url: string): Handler | undefined {
  return URL.canParse(url) ? handlers.get(new URL(url).protocol.slice(0, -1)) : undefined
}

/** The origin of `url` in Electron's words: Node gives schemes of its own none. */
export function originOf(url: string): string {
  if (!URL.canParse(url)) return 'null'
  const { protocol: scheme, host, origin } = new URL(url)
  return privileged.has(scheme.slice(0, -1)) ? `${scheme}//${host}` : origin
}

export const protocol = standIn<Protocol>('protocol', {
  registerSchemesAsPrivileged(schemes: CustomScheme[]) {
    if (isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    for (const { scheme, privileges } of schemes) {
      if (!privileges?.standard || !privileges.secure) {
        throw new Error(`the stand-in stands for standard, secure schemes only, not ${scheme}`)
      }
      privileged.add(scheme)
    }
  },
  handle(scheme, handler) {
    if (!privileged.has(scheme))
      throw new Error(`the stand-in handles privileged schemes only, not ${scheme}`)
    if (handlers.has(scheme)) throw new Error(`The scheme ${scheme} is already handled`)
    handlers.set(scheme, handler)
  },
  unhandle(scheme) {
    handlers.delete(scheme)
  },
  isProtocolHandled: (scheme) => handlers.has(scheme),
})
