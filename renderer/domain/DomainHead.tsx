import { ActionIcon, Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowLeft } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../preload/shapes.ts'
import { useKeys } from '../app/keys.ts'
import { awayNow, heldNow } from '../app/store.ts'
import { askDns } from '../dns/ask-dns.ts'
import { useDnsAway } from '../dns/use-dns-away.ts'
import { checkLabel } from '../i18n/index.ts'
import { useAgo, useDuration } from '../parts/Ages.tsx'
import { ConfirmRepair } from '../parts/ConfirmRepair.tsx'
import { External } from '../parts/External.tsx'
import { Key } from '../parts/Key.tsx'
import { useLocale } from '../parts/locale.ts'
import { StatusMark } from '../parts/Marks.tsx'
import { useNow } from '../parts/time.ts'
import { useRights } from '../rights/use-rights.ts'
import { SupportEmail } from '../setup/SupportEmail.tsx'
import { useApp, useDomain, useStores } from '../stores.ts'
import classes from './domain.module.css'
import { tellsNoInternal } from './sentence.ts'

export function DomainHead({ domain }: { domain: Domain }) {
  const { t } = useTranslation()
  const stores = useStores()
  const { app, domain: store } = stores
  const away = useApp(awayNow)
  const locale = useLocale()
  const heading = useRef<HTMLHeadingElement>(null)
  // A page that replaces another says so to those who read with the keyboard or by ear.
  useEffect(() => heading.current?.focus(), [])
  const [asking, { open, close }] = useDisclosure(false)
  const blocked = useBlocked(domain)
  const { rights, may } = useRights(domain.name)
  // What holds for everybody for now is said as such; it is no want of a right.
  const held = useApp(heldNow)
  // Shown until main has said that they are not for this person, who would see the page jump otherwise.
  const mayAct = rights === null || held !== null || may('domain.repair')
  const check = () => mayAct && away === null && store.getState().check()
  const dnsAway = useDnsAway()
  const write = () => void stores.letter.getState().open(domain.name, locale)
  useKeys([
    ['r', check],
    ['f', () => mayAct && blocked === null && open()],
    ['d', () => dnsAway === null && void askDns(stores, domain.name)],
    ['l', write],
  ])
  return (
    <>
      <div className={classes.head}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('app.back')}
          onClick={() => app.getState().back()}
        >
          <IconArrowLeft size={18} aria-hidden />
        </ActionIcon>
        <h1 ref={heading} tabIndex={-1}>
          <External>{domain.name}</External>
        </h1>
        <StatusMark status={domain.status} />
        <Facts domain={domain} />
        <Acts {...{ mayAct, away, blocked, check, repair: open, write }} />
      </div>
      <div className={classes.under}>
        <p>
          <SupportEmail domain={domain} mayChange={may('domain.setup')} />
        </p>
        <p className={classes.why}>
          <span id="cannot-check">
            {!mayAct ? t('domain.readOnly') : away === null ? null : t(`cannotCheck.${away}`)}
          </span>{' '}
          <span id="cannot-repair">{!mayAct || blocked === null ? null : t(`cannotRepair.${blocked}`)}</span>
        </p>
      </div>
      <ConfirmRepair
        title={t('domain.repairConfirm', { name: domain.name })}
        what={t('domain.repairWhat', {
          checks: domain.failing.map((key) => checkLabel(locale, key).chip).join(', '),
        })}
        opened={asking}
        close={close}
        repair={store.getState().repair}
      />
    </>
  )
}

type ActsProps = {
  mayAct: boolean
  away: ReturnType<typeof awayNow>
  blocked: ReturnType<typeof useBlocked>
  check: () => unknown
  repair: () => void
  write: () => void
}

/** What can be done with the domain from here, each with its key. */
function Acts({ mayAct, away, blocked, check, repair, write }: ActsProps) {
  const { t } = useTranslation()
  const busy = useDomain((state) => state.busy)
  return (
    <div className={classes.acts}>
      {mayAct ? (
        <>
          <Button
            size="compact-md"
            disabled={away !== null}
            loading={busy === 'checking'}
            aria-describedby="cannot-check"
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
            onClick={repair}
          >
            {t('domain.repair')}
            <Key>F</Key>
          </Button>
        </>
      ) : null}
      <Button size="compact-md" variant="default" onClick={write}>
        {t('dns.letter.open')}
        <Key>L</Key>
      </Button>
    </div>
  )
}

/** Why "Repair" is not offered now; null when it is. */
function useBlocked(domain: Domain) {
  const { repair } = domain
  const busy = useDomain((state) => state.busy)
  const away = useApp(awayNow)
  const held = useApp(heldNow)
  if (repair === 'nothing' && tellsNoInternal(domain)) return 'nothingTold'
  if (repair !== 'possible') return repair
  if (away !== null) return away
  if (held !== null) return held
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
