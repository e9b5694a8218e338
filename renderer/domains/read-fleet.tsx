import { Button } from '@mantine/core'
import type { TFunction } from 'i18next'
import { sentenceOf } from '../i18n/index.ts'
import { tell, tellFailure, tellUntilClosed, untell } from '../parts/tell.ts'
import type { Stores } from '../stores.ts'

/** What is said of the list and holds until it has been read again: in a notification, and in main's notices. */
const shrunk = 'list-shrunk'
const overtaken = new Set(['fleet-shrunk', 'fleet-not-read'])

/**
 * Reads the list of domains again and says what came of it, whoever asked. A list that lost too many domains is
 * taken only when the agent accepts it (docs/faults.md 52).
 */
export async function readFleet(
  t: TFunction,
  stores: Pick<Stores, 'app' | 'domains'>,
  acceptShrink = false,
): Promise<void> {
  const reply = await stores.domains.getState().refreshFleet(acceptShrink)
  if (!reply.ok) {
    if (reply.failure.code !== shrunk) return tellFailure(reply.failure)
    const accept = () => {
      untell(shrunk)
      void readFleet(t, stores, true)
    }
    const question = (
      <>
        <p>{sentenceOf(t, reply.failure)}</p>
        <Button size="compact-sm" variant="default" onClick={accept}>
          {t('notice.fleet-accept')}
        </Button>
      </>
    )
    return tellUntilClosed(t, shrunk, question)
  }
  untell(shrunk)
  const { rejected } = reply.value
  const message = t('domains.refreshed', { ...reply.value, count: reply.value.total })
  tell(t, rejected > 0 ? `${message} ${t('domains.rejected', { count: rejected })}` : message)
  const { app, dismiss } = stores.app.getState()
  for (const { id, reason } of app?.notices ?? []) if (overtaken.has(reason)) await dismiss(id)
}
