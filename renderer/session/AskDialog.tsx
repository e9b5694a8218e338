import { Button, Group, Modal } from '@mantine/core'
import i18next, { type TFunction } from 'i18next'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Call } from '../../preload/channels.ts'
import { visible } from '../parts/external-text.ts'
import { useApp, useAsks, useStores } from '../stores.ts'
import { subjectOf } from './ask-subject.ts'
import classes from './session.module.css'

let dismiss: (() => void) | null = null
// A button that waits for the answer cannot hold the keyboard meanwhile: it is given back to it.
// The latest few that held it, since a dialog that closed with its answer holds nothing any more.
const holders: HTMLElement[] = []
window.addEventListener('focusin', ({ target }) => {
  if (dismiss !== null || !(target instanceof HTMLElement)) return
  holders.push(target)
  holders.splice(0, holders.length - 5)
})
// Before any dialog under this one hears the key: what was typed there stays.
window.addEventListener(
  'keydown',
  (event) => {
    if (event.key !== 'Escape' || dismiss === null) return
    event.stopImmediatePropagation()
    event.preventDefault()
    dismiss()
  },
  true,
)

/** One question of a profile that asks before each change; the next one comes when it is answered. */
export function AskDialog() {
  const { t } = useTranslation()
  const { asks } = useStores()
  const ask = useAsks((state) => state.waiting[0])
  const more = useAsks((state) => state.waiting.length - 1)
  const name = useApp((state) => state.app?.profile?.name ?? '')
  useEffect(() => {
    if (!ask) return
    dismiss = () => asks.getState().answer(ask.id, false)
    return () => {
      dismiss = null
      giveBack()
    }
  }, [ask, asks])
  if (!ask) return null
  const answer = (agreed: boolean) => asks.getState().answer(ask.id, agreed)
  return (
    <Modal
      key={ask.id}
      opened
      zIndex={400}
      onClose={() => answer(false)}
      title={t('ask.title', { name: visible(name) })}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <p className={classes.asked}>{sentenceOfCall(t, ask.call, ask.input)}</p>
      <p>{t('ask.continue')}</p>
      {more > 0 ? <p className={classes.quiet}>{t('ask.more', { count: more })}</p> : null}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={() => answer(false)}>
          {t('app.cancel')}
        </Button>
        <Button data-autofocus onClick={() => answer(true)}>
          {t('ask.yes')}
        </Button>
      </Group>
    </Modal>
  )
}

/** As soon as one takes the keyboard, for ten seconds at most, and while nothing else holds it. */
function giveBack(tries = 100): void {
  setTimeout(() => {
    const isTaken = document.activeElement !== null && document.activeElement !== document.body
    const to = holders.findLast((one) => one.checkVisibility())
    if (dismiss !== null || to === undefined || tries === 0 || (isTaken && tries < 90)) return
    // What takes it within the first second may go with a dialog that is being closed.
    if (isTaken || to.matches(':disabled')) giveBack(tries - 1)
    else to.focus()
  }, 100)
}

/** What the call is about to do, and to what. */
function sentenceOfCall(t: TFunction, call: Call, input: unknown): string {
  const { subject, job, count } = subjectOf(input)
  if (job !== null) {
    const what = job.endsWith('-mailboxes') ? 'jobs.nameOf.mailboxes' : 'jobs.name'
    return t(what, { kind: t(`jobs.kind.${job}`), count })
  }
  const exact = `ask.call.${call}`
  return i18next.exists(exact) ? t(exact, { subject: visible(subject) }) : t('ask.other')
}
