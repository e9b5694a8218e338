import { Modal, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Domain, locales } from '../../preload/shapes.ts'
import { External } from '../parts/External.tsx'
import { visible, visibleLines } from '../parts/external-text.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useRights } from '../rights/use-rights.ts'
import { useLetter, useStores } from '../stores.ts'
import { LetterActs } from './LetterActs.tsx'
import { LetterNews } from './LetterNews.tsx'
import own from './letter.module.css'
import { draftOf, recipientOf } from './letter-store.ts'

const quietForMs = 300
const longestNote = 3000

/** The letter to the town, when it is on the table (field N4). Nothing leaves before the agent says so. */
export function LetterDialog({ domain }: { domain: Domain }) {
  const { letter: store } = useStores()
  const open = useLetter((state) => state.domain === domain.name)
  // Who goes elsewhere leaves the letter; what was typed waits.
  useEffect(() => () => store.getState().close(), [store])
  const { t } = useTranslation()
  const busy = useLetter((state) => state.busy)
  const [confirming, setConfirming] = useState(false)
  return (
    <Modal
      opened={open}
      size="xl"
      onClose={() => busy !== 'sending' && store.getState().close()}
      onExitTransitionEnd={keepFocus}
      closeOnClickOutside={false}
      closeOnEscape={!confirming}
      title={t('dns.letter.title', { name: visible(domain.name) })}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Letter {...{ domain, confirming, setConfirming }} />
    </Modal>
  )
}

/** What the letter was asked from may be gone, as the palette is: the keyboard goes on in the page. */
function keepFocus(): void {
  if (document.activeElement === document.body) document.getElementById('content')?.focus()
}

type LetterProps = { domain: Domain; confirming: boolean; setConfirming: (is: boolean) => void }

function Letter({ domain, confirming, setConfirming }: LetterProps) {
  const { t } = useTranslation()
  const { letter: store } = useStores()
  const draft = useLetter(draftOf)
  const to = useLetter(recipientOf)
  const { may } = useRights(domain.name)
  useWritten()
  if (draft === null) return null
  const { change } = store.getState()
  return (
    <div className={own.letter}>
      <SegmentedControl
        aria-label={t('dns.letter.language')}
        style={{ alignSelf: 'flex-start' }}
        value={draft.locale}
        data={locales.map((value) => ({ value, label: t(`mail.locale.${value}`) }))}
        onChange={(value) => {
          const locale = locales.find((one) => one === value)
          if (locale) change({ locale })
        }}
      />
      <TextInput
        label={t('dns.letter.to')}
        description={t(domain.supportEmail === null ? 'dns.letter.toUnknown' : 'dns.letter.toHint')}
        type="email"
        value={draft.to ?? to}
        maxLength={320}
        data-autofocus
        onChange={(event) => change({ to: event.currentTarget.value })}
      />
      <Textarea
        label={t('dns.letter.note')}
        description={t('dns.letter.noteHint')}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={longestNote}
        value={draft.note}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
      <Preview />
      <LetterActs
        to={to}
        maySend={may('domain.setup')}
        confirming={confirming}
        setConfirming={setConfirming}
      />
      <LetterNews domain={domain.name} />
    </div>
  )
}

/** The letter follows what is typed, as soon as the agent pauses. */
function useWritten(): void {
  const { letter: store } = useStores()
  const draft = useLetter(draftOf)
  const [asked] = useDebouncedValue(JSON.stringify([draft?.locale, draft?.note]), quietForMs)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is what was chosen and typed.
  useEffect(() => {
    const { letter, write } = store.getState()
    const now = draftOf(store.getState())
    const isWritten = letter?.of.locale === now?.locale && letter?.of.note === now?.note
    if (!isWritten) void write()
  }, [asked, store])
}

function Preview() {
  const { t } = useTranslation()
  const letter = useLetter((state) => state.letter?.text)
  const locale = useLetter((state) => state.letter?.of.locale)
  const unwritten = useLetter((state) => state.unwritten)
  if (unwritten) return <FailureCard failure={unwritten} />
  if (!letter) return <p>{t('domains.loading')}</p>
  return (
    <div>
      <h3>{t('dns.letter.preview')}</h3>
      <p lang={locale}>
        <strong>
          <External>{letter.subject}</External>
        </strong>
      </p>
      <section
        className={own.preview}
        aria-label={t('dns.letter.preview')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard.
        tabIndex={0}
        data-own-keys
      >
        <pre lang={locale}>{visibleLines(letter.text)}</pre>
      </section>
    </div>
  )
}
