import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import { MailNews } from '../mail/MailNews.tsx'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useLetter } from '../stores.ts'
import type { Done } from './letter-store.ts'

/** What came of the last act, where it was asked for. */
export function LetterNews({ domain }: { domain: string }) {
  const failure = useLetter((state) => state.failure)
  const done = useLetter((state) => state.done)
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (failure !== null || done !== null) place.current?.scrollIntoView({ block: 'nearest' })
  }, [failure, done])
  return (
    <div ref={place}>
      <News domain={domain} failure={failure} done={done} />
    </div>
  )
}

type Props = { domain: string; failure: Failure | null; done: Done | null }

function News({ domain, failure, done }: Props) {
  const { t } = useTranslation()
  if (failure) return <FailureCard failure={failure}>{t('dns.letter.kept')}</FailureCard>
  switch (done?.what) {
    case undefined:
      return null
    case 'composed':
      return <p role="status">{t(done.copied ? 'dns.letter.composedCopied' : 'dns.letter.composed')}</p>
    case 'sent':
      return <MailNews domain={domain} outcome={done.mail} />
    case 'saved':
      return (
        <p role="status">
          {t('dns.letter.saved')} <External>{done.file}</External>
        </p>
      )
    case 'copied':
      return <p role="status">{t('dns.letter.copied')}</p>
  }
}
