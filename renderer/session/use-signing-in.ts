import { useApp } from '../stores.ts'

/** Whether the provider's page is awaited: main says so, and already since the button was pressed. */
export const useSigningIn = (): boolean =>
  useApp((state) => state.signingIn || state.session?.state === 'signing-in')
