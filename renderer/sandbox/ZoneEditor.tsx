import { Autocomplete, Button, Checkbox, Group, NativeSelect, Title } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { sandboxServerModes } from '../../preload/dns-shapes.ts'
import classes from '../app/app.module.css'
import { Confirm } from '../parts/Confirm.tsx'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { useStores } from '../stores.ts'
import own from './sandbox.module.css'
import { ZoneRecords } from './ZoneRecords.tsx'
import { type Draft, draftOf, isChanged } from './zone-store.ts'

/** What a town does at its DNS host, record by record and server by server. */
export function ZoneEditor({ running }: { running: boolean }) {
  const { t } = useTranslation()
  const { zone: store } = useStores()
  const zone = useStore(store, (state) => state.zone)
  const drafts = useStore(store, (state) => state.drafts)
  const draft = draftOf({ zone, drafts })
  const failure = useStore(store, (state) => state.failure)
  const done = useStore(store, (state) => state.done)
  const news = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // A long zone leaves what came of it out of sight.
    if (failure !== null || done !== null) news.current?.scrollIntoView({ block: 'nearest' })
  }, [failure, done])
  useEffect(() => {
    // What is published may be another sandbox's by now; what was typed stays.
    if (running) void store.getState().refresh()
  }, [running, store])
  return (
    <section className={classes.card} aria-labelledby="sandbox-zone">
      <Title order={2} id="sandbox-zone">
        {t('sandbox.zone.title')}
      </Title>
      <p className={classes.quiet}>{t('sandbox.zone.what')}</p>
      <Chosen running={running} />
      {running ? null : <p className={classes.quiet}>{t('sandbox.zone.whenRunning')}</p>}
      {draft ? <Zone draft={draft} running={running} /> : null}
      <div ref={news}>
        {failure ? <FailureCard failure={failure} /> : null}
        <p role="status" className={classes.quiet}>
          {done === null ? '' : t(`sandbox.zone.${done}`)}
        </p>
      </div>
    </section>
  )
}

/** Which domain's zone: any name can be typed, those of the fleet are proposed. */
function Chosen({ running }: { running: boolean }) {
  const { t } = useTranslation()
  const { zone: store } = useStores()
  const typed = useStore(store, (state) => state.typed)
  const busy = useStore(store, (state) => state.busy)
  const names = useNames(typed)
  const [proposing, setProposing] = useState(false)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        // Names still proposed would stand over what opens.
        setProposing(false)
        void store.getState().open()
      }}
    >
      <Group align="flex-end">
        <Autocomplete
          label={t('sandbox.zone.domain')}
          placeholder="montfleury.example"
          w={340}
          maxLength={253}
          data={names}
          // What is listed is already what matches.
          filter={({ options }) => options}
          dropdownOpened={proposing}
          onDropdownOpen={() => setProposing(true)}
          onDropdownClose={() => setProposing(false)}
          value={typed}
          onChange={(value) => store.getState().type(value)}
        />
        <Button
          type="submit"
          variant="default"
          disabled={!running || typed.trim() === ''}
          loading={busy === 'opening'}
        >
          {t('sandbox.zone.open')}
        </Button>
      </Group>
    </form>
  )
}

const proposed = 12

function useNames(typed: string): string[] {
  const { bridge } = useStores()
  const [names, setNames] = useState<string[]>([])
  useEffect(() => {
    let current = true
    const query = {
      text: typed.trim().slice(0, 253),
      status: 'all',
      sort: 'name',
      descending: false,
    } as const
    // Without a list a name can be typed all the same.
    void bridge['domains.list']({ ...query, offset: 0, limit: proposed }).then((reply) => {
      if (current) setNames(reply.ok ? reply.value.rows.map(({ name }) => name) : [])
    })
    return () => {
      current = false
    }
  }, [bridge, typed])
  return names
}

function Zone({ draft, running }: { draft: Draft; running: boolean }) {
  const { t } = useTranslation()
  const { zone: store } = useStores()
  const zone = useStore(store, (state) => state.zone)
  const busy = useStore(store, (state) => state.busy)
  const changed = useStore(store, isChanged)
  const [asking, setAsking] = useState(false)
  if (!zone) return null
  return (
    <form
      className={own.zone}
      aria-label={t('sandbox.zone.of', { domain: zone.domain })}
      onSubmit={(event) => {
        event.preventDefault()
        if (changed) void store.getState().publish()
      }}
    >
      <p>
        <strong>
          <External>{zone.domain}</External>
        </strong>{' '}
        <span className={classes.quiet}>{t('sandbox.zone.host', { host: zone.host })}</span>
      </p>
      <Checkbox
        label={t('sandbox.zone.delegated')}
        checked={draft.delegated}
        onChange={(event) => store.getState().change({ delegated: event.currentTarget.checked })}
      />
      <ZoneRecords records={draft.records} />
      <Servers draft={draft} />
      <Group>
        <Button type="submit" disabled={!running || !changed} loading={busy === 'publishing'}>
          {t('sandbox.zone.publish')}
        </Button>
        <Button variant="default" disabled={!changed} onClick={() => store.getState().discard()}>
          {t('sandbox.zone.discard')}
        </Button>
        <Button
          variant="default"
          disabled={!running}
          loading={busy === 'healing'}
          onClick={() => (changed ? setAsking(true) : void store.getState().heal())}
        >
          {t('sandbox.zone.heal')}
        </Button>
      </Group>
      <p className={classes.quiet} role="status">
        {changed ? t('sandbox.zone.changed') : ''}
      </p>
      <Confirm
        title={t('sandbox.zone.healAsk')}
        what={t('sandbox.zone.healLoses')}
        act={t('sandbox.zone.heal')}
        opened={asking}
        close={() => setAsking(false)}
        confirm={() => store.getState().heal()}
      />
    </form>
  )
}

function Servers({ draft }: { draft: Draft }) {
  const { t } = useTranslation()
  const { zone: store } = useStores()
  const choose = (name: string, value: string) => {
    const mode = sandboxServerModes.find((one) => one === value)
    if (mode === undefined) return
    const servers = draft.servers.map((server) => (server.name === name ? { name, mode } : server))
    store.getState().change({ servers })
  }
  return (
    <fieldset className={own.servers}>
      <legend>{t('sandbox.zone.servers')}</legend>
      {draft.servers.map(({ name, mode }) => (
        <NativeSelect
          key={name}
          label={name}
          value={mode}
          data={sandboxServerModes.map((value) => ({ value, label: t(`sandbox.zone.mode.${value}`) }))}
          onChange={(event) => choose(name, event.currentTarget.value)}
        />
      ))}
    </fieldset>
  )
}
