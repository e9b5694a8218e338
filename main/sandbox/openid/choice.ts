import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Provider } from 'oidc-provider'
import { accounts } from '../accounts.ts'
import { levelFor } from './levels.ts'
import { choicePage, failedPage, headers, languageOf } from './pages.ts'

const largest = 10_000

/** The page where an account is chosen, and what follows from the button that was pressed. */
export async function choose(
  provider: Provider,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const interaction = await provider.interactionDetails(incoming, outgoing).catch(() => null)
  const language = languageOf(interaction?.params.ui_locales, incoming.headers)
  const show = (status: number, html: string) =>
    void outgoing.writeHead(status, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(html)

  if (interaction === null) return show(400, failedPage('invalid_request', 'The attempt is over', language))
  if (incoming.method === 'GET') return show(200, choicePage(accounts, language))
  if (incoming.method !== 'POST') return show(405, failedPage('invalid_request', undefined, language))

  const length = Number(incoming.headers['content-length'] ?? Number.NaN)
  if (!(length <= largest)) {
    return show(413, failedPage('invalid_request', undefined, language))
  }
  const form = new URLSearchParams(await text(incoming))
  const account = accounts.find(({ id }) => id === form.get('account'))
  const acr = levelFor(interaction.params)
  const result = form.has('cancel')
    ? { error: 'access_denied', error_description: 'The person did not want to sign in' }
    : acr === null
      ? { error: 'unmet_authentication_requirements', error_description: 'No account has this level' }
      : account && {
          login: { accountId: account.sub, acr, amr: /2fa$|eidas[23]$/.test(acr) ? ['pwd', 'mfa'] : ['pwd'] },
          consent: {},
          select_account: {},
        }
  if (result === undefined) return show(400, choicePage(accounts, language))
  await provider.interactionFinished(incoming, outgoing, result, { mergeWithLastSubmission: false })
}
