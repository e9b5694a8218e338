import { Box, Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { exportFormats, exportSubjects } from '../../preload/dns-shapes.ts'
import { tell, tellFailure } from '../parts/tell.ts'
import { useStores } from '../stores.ts'

type What = (typeof exportSubjects)[number]
type Format = (typeof exportFormats)[number]

const copied = ['tsv', 'markdown', 'bind'] as const
const saved = ['csv', 'bind'] as const

type Props = { domain: string; hasExpected: boolean; hasChanges: boolean }

/** All records at once: copied for a table, a note or a zone, or written to a file. */
export function ExportMenu({ domain, hasExpected, hasChanges }: Props) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  async function copy(what: What, format: Format) {
    const reply = await bridge['dns.export']({ name: domain, what, format })
    if (!reply.ok) return tellFailure(reply.failure)
    const written = await bridge['clipboard.write']({ text: reply.value.text })
    if (written.ok) tell(t, t('dns.export.copied'))
    else tellFailure(written.failure)
  }
  async function save(what: What, format: Format) {
    const reply = await bridge['dns.save']({ name: domain, what, format })
    if (!reply.ok) tellFailure(reply.failure)
    else if (reply.value) tell(t, t('dns.export.saved', { file: reply.value.file }))
  }
  const subjects = [
    ...(hasExpected ? ['expected' as const] : []),
    ...(hasChanges ? ['changes' as const] : []),
  ]
  return (
    <Menu
      position="bottom-end"
      withinPortal={false}
      withInitialFocusPlaceholder={false}
      middlewares={{ flip: true, shift: true, size: true }}
    >
      <Menu.Target>
        <Button
          size="compact-md"
          variant="default"
          disabled={subjects.length === 0}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {t('dns.export.open')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown style={{ overflowY: 'auto' }}>
        {subjects.map((what) => (
          // Each item is called the same in both groups: which one it is in is read aloud with it.
          <Box key={what} role="group" aria-label={t(`dns.export.what.${what}`)}>
            <Menu.Label aria-hidden>{t(`dns.export.what.${what}`)}</Menu.Label>
            {copied.map((format) => (
              <Menu.Item key={`copy ${format}`} onClick={() => void copy(what, format)}>
                {t(`dns.export.copy.${format}`)}
              </Menu.Item>
            ))}
            {saved.map((format) => (
              <Menu.Item key={`save ${format}`} onClick={() => void save(what, format)}>
                {t(`dns.export.save.${format}`)}
              </Menu.Item>
            ))}
          </Box>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
