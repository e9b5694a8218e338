import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './theme/theme.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'
import { createStores, StoresProvider } from './stores.ts'
import { followColorScheme } from './theme/color-scheme.ts'
import { theme, variables } from './theme/theme.ts'

// Mantine and its scroll lock write styles of their own: they carry the nonce that this load of the page was given.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? ''
setNonce(nonce)

const stores = createStores(window.bridge)
const colorScheme = followColorScheme(stores.app)
void stores.app.getState().load()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no root')
createRoot(root).render(
  <StoresProvider value={stores}>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      getStyleNonce={() => nonce}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
    >
      <Notifications position="bottom-left" autoClose={6000} />
      <App />
    </MantineProvider>
  </StoresProvider>,
)
