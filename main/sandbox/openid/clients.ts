import { randomBytes } from 'node:crypto'
import type { ClientMetadata } from 'oidc-provider'

const native: Omit<ClientMetadata, 'client_id'> = {
  application_type: 'native',
  // Any port: RFC 8252 7.3.
  redirect_uris: ['http://127.0.0.1/callback'],
  post_logout_redirect_uris: ['http://127.0.0.1/callback/signed-out'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  id_token_signed_response_alg: 'ES256',
  token_endpoint_auth_method: 'none',
}

/** The three clients: public with userinfo in JSON, public with it signed, confidential with a secret of this run. */
export function createClients() {
  const clientId = 'dimail-console'
  const signedClientId = `${clientId}-jwt`
  const confidential = {
    clientId: `${clientId}-confidential`,
    clientSecret: randomBytes(32).toString('base64url'),
  }
  const all: ClientMetadata[] = [
    { ...native, client_id: clientId },
    { ...native, client_id: signedClientId, userinfo_signed_response_alg: 'ES256' },
    {
      ...native,
      client_id: confidential.clientId,
      client_secret: confidential.clientSecret,
      token_endpoint_auth_method: 'client_secret_post',
    },
  ]
  return { all, told: { clientId, signedClientId, confidential } }
}
