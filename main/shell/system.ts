import { clipboard, nativeTheme, net, shell } from 'electron'
import type { AppState } from '../../preload/shapes.ts'
import { letterLink, mayOpen, mayOpenSignIn } from './links.ts'

export const isNetworkUp = (): boolean => net.isOnline()

/** Opens a page in the agent's browser when its host is one of ours; says whether it did. */
export const openLink = async (url: string): Promise<boolean> => mayOpen(url) && handOn(url)

/** Opens a page of the profile's OpenID provider, when it is of the `origin` that the provider told. */
export const openSignInPage = async (url: string, origin: string): Promise<boolean> =>
  mayOpenSignIn(url, origin) && handOn(url)

/** Opens the agent's mail program on a message; says whether it could be asked to. */
export async function openLetter(to: string | null, subject: string, text: string): Promise<boolean> {
  const link = letterLink(to, subject, text)
  return link !== null && handOn(link)
}

/** False when the system has no program for it, or finds the link too long (Windows: from 2081 characters). */
const handOn = (link: string): Promise<boolean> =>
  shell.openExternal(link).then(
    () => true,
    () => false,
  )

export const systemClipboard = {
  write: async (text: string): Promise<void> => void (await clipboard.writeText(text)),
  read: async (): Promise<string> => clipboard.readText(),
}

export function setColorScheme(scheme: AppState['colorScheme']): void {
  nativeTheme.themeSource = scheme === 'auto' ? 'system' : scheme
}
