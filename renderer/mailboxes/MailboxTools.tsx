import { Button, Menu, TextInput, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { MailboxFilter } from '../../preload/mailbox-shapes.ts'
import { useKeys } from '../app/keys.ts'
import { useAgo } from '../parts/Ages.tsx'
import { Key } from '../parts/Key.tsx'
import { tell, tellFailure } from '../parts/tell.ts'
import { useDrift, useMailboxes, useStores } from '../stores.ts'
import classes from './mailboxes.module.css'

const filters = ['all', 'enabled', 'disabled', 'functional', 'trouble'] as const

type Props = {
  domain: string
  /** Why no new mailbox can be made here; null when one can. */
  cannotCreate: string | null
  /** Why dimail cannot be asked now. */
  away: string | null
  mayChange: boolean
  mayCompare: boolean
  create: () => void
  fromCsv: () => void
}

/** What is looked for, how old the list is, and what can be made of it. */
export function MailboxTools({ domain, cannotCreate, away, mayChange, mayCompare, create, fromCsv }: Props) {
  const { t } = useTranslation()
  const { mailboxes, drift } = useStores()
  const { text } = useMailboxes((state) => state.view)
  const comparing = useDrift((state) => state.comparing)
  const input = useRef<HTMLInputElement>(null)
  useKeys([
    ['/', () => input.current?.select()],
    ['n', () => mayChange && cannotCreate === null && create()],
  ])
  return (
    <>
      <div className={classes.tools}>
        <Figures />
        <span className={classes.grow} />
        {mayCompare ? (
          <Button
            size="compact-md"
            variant="default"
            disabled={away !== null}
            title={away ?? undefined}
            loading={comparing}
            onClick={() => void drift.getState().compare(domain)}
          >
            {t('drift.compare')}
          </Button>
        ) : null}
        <Export domain={domain} />
        {mayChange ? (
          <>
            <Button
              size="compact-md"
              variant="default"
              disabled={cannotCreate !== null}
              aria-describedby="cannot-create"
              onClick={fromCsv}
            >
              {t('csv.open')}
            </Button>
            <Button
              size="compact-md"
              disabled={cannotCreate !== null}
              aria-describedby="cannot-create"
              onClick={create}
            >
              {t('mailboxes.new')}
              <Key>N</Key>
            </Button>
          </>
        ) : null}
      </div>
      {mayChange && cannotCreate !== null ? (
        <p className={classes.why} id="cannot-create">
          {cannotCreate}
        </p>
      ) : null}
      <div className={classes.tools}>
        <TextInput
          ref={input}
          size="xs"
          w={260}
          type="search"
          aria-label={t('mailboxes.search')}
          placeholder={t('mailboxes.searchPlaceholder')}
          leftSection={<IconSearch size={15} aria-hidden />}
          value={text}
          maxLength={320}
          onChange={(event) => void mailboxes.getState().change({ text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
        />
        <Filters />
      </div>
    </>
  )
}

function Filters() {
  const { t } = useTranslation()
  const { mailboxes } = useStores()
  const { show: chosen } = useMailboxes((state) => state.view)
  return (
    <fieldset style={{ display: 'contents' }} aria-label={t('mailboxes.filters')}>
      {filters.map((show: MailboxFilter['show']) => (
        <UnstyledButton
          key={show}
          className={classes.filter}
          aria-pressed={chosen === show}
          onClick={() => void mailboxes.getState().change({ show })}
        >
          {t(`mailboxes.show.${show}`)}
        </UnstyledButton>
      ))}
    </fieldset>
  )
}

/** How many, and how old the list is. */
function Figures() {
  const { t } = useTranslation()
  const { text, show } = useMailboxes((state) => state.view)
  const total = useMailboxes((state) => state.total)
  const all = useMailboxes((state) => state.all)
  const fetchedAt = useMailboxes((state) => state.fetchedAt)
  const status = useMailboxes((state) => state.status)
  const ago = useAgo()
  const whole = text.trim() === '' && show === 'all'
  return (
    <span className={classes.quiet}>
      <span role="status">
        {status === 'loading'
          ? t('domains.loading')
          : whole || all === null
            ? t('mailboxes.count', { count: total })
            : t('mailboxes.countOf', { count: total, all })}
      </span>
      {' · '}
      {fetchedAt === null ? t('mailboxes.neverListed') : t('mailboxes.listed', { ago: ago(fetchedAt) })}
    </span>
  )
}

/** Writes the list of this domain to a file, for people or for machines. */
function Export({ domain }: { domain: string }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const all = useMailboxes((state) => state.all)
  async function save(exact: boolean) {
    const reply = await bridge['csv.export']({ domain, what: 'mailboxes', exact })
    if (!reply.ok) tellFailure(reply.failure)
    else if (reply.value) tell(t, t('csv.exported', { file: reply.value.file, count: reply.value.rows }))
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="compact-md" variant="default" disabled={!all}>
          {t('csv.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void save(false)}>{t('csv.exportPeople')}</Menu.Item>
        <Menu.Item onClick={() => void save(true)}>{t('csv.exportExact')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
