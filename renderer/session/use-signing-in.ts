import { useApp } from '../stores.ts'

/** Whether the provider's page is awaited: main says so, and already since the button was pressed. */
export const useSigningIn = (): boolean =>
  useApp((state) => state.signingIn || state.session?.state === 'signing-in')

/** Whether the sandbox's own provider is still to come: who asks it too soon is told that nobody is there. */
export const useSandboxStarting = (): boolean =>
  useApp(({ app, sandbox }) => app?.profile?.kind === 'sandbox' && sandbox?.state === 'starting')
