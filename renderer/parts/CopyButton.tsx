import { ActionIcon, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStores } from '../stores.ts'
import { tellFailure } from './tell.ts'

type Props = {
  text: string
  label: string
  /** Taken away again after a minute. */
  secret?: boolean
}

/** Copies through the main process, since the page may not touch the clipboard. */
export function CopyButton({ text, label, secret = false }: Props) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [copied, setCopied] = useState(false)
  async function copy() {
    const reply = await bridge['clipboard.write']({ text, secret })
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
