import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DomainRow } from '../../preload/shapes.ts'
import { readFleet } from '../domains/read-fleet.tsx'
import { visible } from '../parts/external-text.ts'
import { tellFailure } from '../parts/tell.ts'
import { useStores } from '../stores.ts'
import type { Place } from './store.ts'

const places = ['domains', 'jobs', 'journal', 'settings'] as const
const shown = 8

/** Ctrl+K: any domain by a part of its name, any page, any command. */
export function Palette() {
  const { t } = useTranslation()
  const stores = useStores()
  const { app } = stores
  const [query, setQuery] = useState('')
  const found = useFound(query)
  const go = (place: Place) => app.getState().go(place)

  const commands: SpotlightActionData[] = [
    ...places.map((view) => ({ id: view, label: t(`nav.${view}`), onClick: () => go({ view }) })),
    {
      id: 'refresh',
      label: t('domains.refresh'),
      onClick: () => void readFleet(t, stores),
    },
  ]
  const matching = commands.filter(({ label }) => label?.toLowerCase().includes(query.trim().toLowerCase()))
  const actions: SpotlightActionGroupData[] = [
    {
      group: t('search.domains'),
      actions: found.map(({ name, status }) => ({
        id: `domain ${name}`,
        label: visible(name),
        description: t(`status.${status}`),
        onClick: () => go({ view: 'domain', name }),
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
      nothingFound={t('search.nothing')}
      searchProps={{ placeholder: t('search.placeholder'), 'aria-label': t('search.open') }}
      attributes={{ content: { 'aria-label': t('search.open') } }}
      scrollable
      maxHeight={420}
    />
  )
}

function useFound(query: string): DomainRow[] {
  const { bridge } = useStores()
  const [found, setFound] = useState<DomainRow[]>([])
  useEffect(() => {
    let current = true
    const text = query.trim().slice(0, 253)
    if (text === '') setFound([])
    else {
      const asked = {
        text,
        status: 'all',
        sort: 'urgency',
        descending: false,
        offset: 0,
        limit: shown,
      } as const
      void bridge['domains.list'](asked).then((reply) => {
        if (!current) return
        if (reply.ok) setFound(reply.value.rows)
        else tellFailure(reply.failure)
      })
    }
    return () => {
      current = false
    }
  }, [query, bridge])
  return found
}
