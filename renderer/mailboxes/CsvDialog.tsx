import { Button, Group, Modal, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import type { CsvPlan } from '../../preload/mailbox-shapes.ts'
import type { Domain } from '../../preload/shapes.ts'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useStores } from '../stores.ts'
import { CsvLines } from './CsvLines.tsx'
import classes from './mailboxes.module.css'

type Props = { domain: Domain; offline: string | null; close: () => void }

/** Many mailboxes at once: lines are read and judged first, and nothing is sent before the agent says so. */
export function CsvDialog({ domain, offline, close }: Props) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [text, setText] = useState('')
  const [plan, setPlan] = useState<CsvPlan | null>(null)
  const [busy, setBusy] = useState<'text' | 'file' | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  async function read(from: 'text' | 'file') {
    setBusy(from)
    setFailure(null)
    const reply = await bridge['csv.preview']({ domain: domain.name, text: from === 'text' ? text : null })
    setBusy(null)
    if (!reply.ok) setFailure(reply.failure)
    else if (reply.value) setPlan(reply.value)
  }
  return (
    <Modal
      opened
      size="xl"
      onClose={close}
      closeOnClickOutside={false}
      title={t('csv.title', { domain: domain.name })}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {plan === null ? (
        <div className={classes.form}>
          <div>
            <p>{t('csv.columns')}</p>
            <pre className={classes.example}>{t('csv.example')}</pre>
          </div>
          <Textarea
            label={t('csv.paste')}
            description={t('csv.pasteHint')}
            data-autofocus
            autosize
            minRows={6}
            maxRows={14}
            spellCheck={false}
            maxLength={2_000_000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {failure ? <FailureCard failure={failure} /> : null}
          <Group justify="flex-end">
            <Button
              variant="default"
              disabled={busy !== null}
              loading={busy === 'file'}
              onClick={() => void read('file')}
            >
              {t('csv.choose')}
            </Button>
            <Button
              disabled={text.trim() === '' || busy !== null}
              loading={busy === 'text'}
              onClick={() => void read('text')}
            >
              {t('csv.read')}
            </Button>
          </Group>
        </div>
      ) : (
        <CsvLines plan={plan} domain={domain} offline={offline} back={() => setPlan(null)} close={close} />
      )}
    </Modal>
  )
}
