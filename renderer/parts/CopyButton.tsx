import { ActionIcon, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStores } from '../stores.ts'
import { tellFailure } from './tell.ts'

/** Copies through the main process, since the page may not touch the clipboard. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [copied, setCopied] = useState(false)
  async function copy() {
    const reply = await bridge['clipboard.write']({ text })
    setCopied(reply.ok)
    if (!reply.ok) tellFailure(reply.failure)
  }
  return (
    <Tooltip label={copied ? t('app.copied') : label} openDelay={300}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={copied ? t('app.copiedWhat', { label }) : label}
        onClick={() => void copy()}
        onBlur={() => setCopied(false)}
        onMouseLeave={() => setCopied(false)}
      >
        {copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  )
}
