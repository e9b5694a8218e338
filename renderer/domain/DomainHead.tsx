import { ActionIcon, Button, Group, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowLeft } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../preload/shapes.ts'
import { useKeys } from '../app/keys.ts'
import { awayNow } from '../app/store.ts'
import { checkLabel } from '../i18n/index.ts'
import { useAgo, useDuration } from '../parts/Ages.tsx'
import { External } from '../parts/External.tsx'
import { Key } from '../parts/Key.tsx'
import { useLocale } from '../parts/locale.ts'
import { StatusMark } from '../parts/Marks.tsx'
import { useNow } from '../parts/time.ts'
import { useApp, useDomain, useStores } from '../stores.ts'
import classes from './domain.module.css'
import { tellsNoInternal } from './sentence.ts'

export function DomainHead({ domain }: { domain: Domain }) {
  const { t } = useTranslation()
  const { app, domain: store } = useStores()
  const busy = useDomain((state) => state.busy)
  const reachable = useApp(awayNow) === null
  const [asking, { open, close }] = useDisclosure(false)
  const blocked = useBlocked(domain)
  const check = () => reachable && store.getState().check()
  useKeys([
    ['r', check],
    ['f', () => blocked === null && open()],
  ])
  return (
    <>
      <div className={classes.head}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('app.back')}
          onClick={() => app.getState().go({ view: 'domains' })}
        >
          <IconArrowLeft size={18} aria-hidden />
        </ActionIcon>
        <h1>
          <External>{domain.name}</External>
        </h1>
        <StatusMark status={domain.status} />
        <Facts domain={domain} />
        <Button
          size="compact-md"
          disabled={!reachable}
          loading={busy === 'checking'}
          onClick={() => void check()}
        >
          {t('domain.check')}
          <Key>R</Key>
        </Button>
        <Button
          size="compact-md"
          variant="default"
          disabled={blocked !== null}
          loading={busy === 'repairing'}
          aria-describedby="cannot-repair"
          onClick={open}
        >
          {t('domain.repair')}
          <Key>F</Key>
        </Button>
      </div>
      <p className={classes.why} id="cannot-repair">
        {reachable ? null : `${t('cannotCheck.offline')} `}
        {blocked === null || blocked === 'offline' ? null : t(`cannotRepair.${blocked}`)}
      </p>
      <ConfirmRepair domain={domain} opened={asking} close={close} />
    </>
  )
}

/** Why "Repair" is not offered now; null when it is. */
function useBlocked(domain: Domain): string | null {
  const { repair } = domain
  const busy = useDomain((state) => state.busy)
  const reachable = useApp(awayNow) === null
  if (repair === 'nothing' && tellsNoInternal(domain)) return 'nothingTold'
  if (repair !== 'possible') return repair
  if (!reachable) return 'offline'
  return busy === null ? null : 'busy'
}

function Facts({ domain }: { domain: Domain }) {
  const { t } = useTranslation()
  const ago = useAgo()
  const duration = useDuration()
  const now = useNow()
  const { since, sinceExact, checkedAt, fetchedAt, mailboxes, contextName } = domain
  const facts = [
    ...(sinceExact || now - since > 60_000 ? [t('time.for', { duration: duration(since, sinceExact) })] : []),
    checkedAt === null ? t('time.read', { ago: ago(fetchedAt) }) : t('time.checked', { ago: ago(checkedAt) }),
    ...(checkedAt === null ? [t('time.neverChecked')] : []),
    ...(mailboxes === null ? [] : [t('domain.mailboxes', { count: mailboxes })]),
    ...(contextName === null || contextName === domain.name
      ? []
      : [t('domain.context', { name: contextName })]),
  ]
  return <span className={classes.facts}>{facts.join(' · ')}</span>
}

function ConfirmRepair({ domain, opened, close }: { domain: Domain; opened: boolean; close: () => void }) {
  const { t } = useTranslation()
  const { domain: store } = useStores()
  const locale = useLocale()
  const checks = domain.failing.map((key) => checkLabel(locale, key).chip).join(', ')
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('domain.repairConfirm', { name: domain.name })}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <p>{t('domain.repairWhat', { checks })}</p>
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button
          data-autofocus
          onClick={() => {
            close()
            void store.getState().repair()
          }}
        >
          {t('domain.repair')}
        </Button>
      </Group>
    </Modal>
  )
}
