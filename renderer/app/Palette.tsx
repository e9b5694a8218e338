import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Found } from '../../preload/mailbox-shapes.ts'
import type { DomainRow } from '../../preload/shapes.ts'
import { nameOf } from '../aliases/destination.ts'
import { askDns } from '../dns/ask-dns.ts'
import { useDnsAway } from '../dns/use-dns-away.ts'
import { readFleet } from '../domains/read-fleet.tsx'
import { visible } from '../parts/external-text.ts'
import { useLocale } from '../parts/locale.ts'
import { tellFailure } from '../parts/tell.ts'
import { useMay } from '../session/use-may.ts'
import { useApp, useStores } from '../stores.ts'
import type { Place } from './store.ts'

const places = ['domains', 'jobs', 'watches', 'journal', 'messages', 'provisioning', 'settings'] as const
const shown = 8

/** Ctrl+K: any domain, mailbox or alias by a part of its name or address, any page, any command. */
export function Palette() {
  const { t } = useTranslation()
  const stores = useStores()
  const { app } = stores
  const [query, setQuery] = useState('')
  const found = useFound(query)
  useFirstSelected(found)
  const mayProvision = useMay('domain.provision')
  const mayRefresh = useMay('fleet.refresh')
  const go = (place: Place) => app.getState().go(place)

  const commands: SpotlightActionData[] = [
    ...useDomainCommands(),
    ...places
      .filter((view) => view !== 'provisioning' || mayProvision)
      .map((view) => ({ id: view, label: t(`nav.${view}`), onClick: () => go({ view }) })),
    ...(mayRefresh
      ? [{ id: 'refresh', label: t('domains.refresh'), onClick: () => void readFleet(t, stores) }]
      : []),
  ]
  const matching = commands.filter(({ label }) => label?.toLowerCase().includes(query.trim().toLowerCase()))
  const names = new Intl.ListFormat(useLocale())
  const actions: SpotlightActionGroupData[] = [
    {
      group: t('search.domains'),
      actions: found.domains.map(({ name, status }) => ({
        id: `domain ${name}`,
        label: visible(name),
        description: t(`status.${status}`),
        onClick: () => go({ view: 'domain', name }),
      })),
    },
    {
      group: t('search.mailboxes'),
      actions: found.mailboxes.map(({ address, domain, displayName, status }) => ({
        id: `mailbox ${address}`,
        label: visible(address),
        description: [visible(displayName), t(`mailboxes.status.${status}`)].filter(Boolean).join(' · '),
        onClick: () => go({ view: 'domain', name: domain, tab: 'mailboxes', text: address }),
      })),
    },
    {
      group: t('search.aliases'),
      actions: found.aliases.map(({ localPart, domain, destinations }) => ({
        id: `alias ${localPart}@${domain}`,
        label: visible(`${localPart}@${domain}`),
        description: visible(names.format(destinations.map(({ destination }) => nameOf(destination, t)))),
        onClick: () => go({ view: 'domain', name: domain, tab: 'aliases', text: localPart }),
      })),
    },
    { group: t('search.commands'), actions: matching },
  ]
  return (
    <Spotlight
      actions={actions.filter((group) => group.actions.length > 0)}
      query={query}
      onQueryChange={setQuery}
      // What is listed is already what matches.
      filter={(_query, all) => all}
      shortcut="mod + K"
      // From within a field too: the shortcut types nothing.
      tagsToIgnore={[]}
      nothingFound={t('search.nothing')}
      searchProps={{ placeholder: t('search.placeholder'), 'aria-label': t('search.open') }}
      attributes={{ content: { 'aria-label': t('search.open') } }}
      scrollable
      maxHeight={420}
    />
  )
}

/** What can be asked of the domain that is open. */
function useDomainCommands(): SpotlightActionData[] {
  const { t } = useTranslation()
  const stores = useStores()
  const locale = useLocale()
  const name = useApp(({ place }) => (place.view === 'domain' ? place.name : null))
  const away = useDnsAway()
  if (name === null) return []
  return [
    ...(away === null
      ? [
          {
            id: 'ask-dns',
            label: t('dns.command.ask', { name: visible(name) }),
            onClick: () => void askDns(stores, name),
          },
        ]
      : []),
    {
      id: 'letter',
      label: t('dns.command.letter', { name: visible(name) }),
      onClick: () => void stores.letter.getState().open(name, locale),
    },
  ]
}

type Everything = Found & { domains: DomainRow[] }
const nothing: Everything = { domains: [], mailboxes: [], aliases: [] }

/** Spotlight selects the first line as something is typed; what is found comes later, and takes its place. */
function useFirstSelected(found: Everything): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: `found` tells that the lines are others.
  useEffect(() => {
    const list = document.querySelector('.mantine-Spotlight-actionsList')
    if (list?.querySelector('[data-selected]')) return
    list?.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
  }, [found])
}

function useFound(query: string): Everything {
  const { bridge } = useStores()
  const [found, setFound] = useState(nothing)
  useEffect(() => {
    let current = true
    const text = query.trim().slice(0, 253)
    async function find(): Promise<void> {
      const asked = { text, status: 'all', sort: 'urgency', descending: false } as const
      const [domains, people] = await Promise.all([
        bridge['domains.list']({ ...asked, offset: 0, limit: shown }),
        bridge['search.find']({ text, limit: shown }),
      ])
      if (!current) return
      if (!domains.ok) return tellFailure(domains.failure)
      if (!people.ok) return tellFailure(people.failure)
      setFound({ domains: domains.value.rows, ...people.value })
    }
    if (text === '') setFound(nothing)
    else void find()
    return () => {
      current = false
    }
  }, [query, bridge])
  return found
}
