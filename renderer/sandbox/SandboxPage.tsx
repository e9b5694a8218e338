import { Button, Checkbox, Group, Modal, NumberInput, Select, Stack, TextInput, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dialects, type SandboxState, sandboxQuirks } from '../../preload/shapes.ts'
import classes from '../app/app.module.css'
import { tell, tellFailure } from '../parts/tell.ts'
import { useApp, useStores } from '../stores.ts'
import { SignInAndDeployCenter } from './SignInAndDeployCenter.tsx'
import { ZoneEditor } from './ZoneEditor.tsx'

/** The fictional dimail, to be stopped, spoiled and put right at will. */
export function SandboxPage() {
  const { t } = useTranslation()
  const sandbox = useApp((state) => state.sandbox)
  if (!sandbox) return null
  return (
    <div className={classes.page}>
      <div className={classes.title}>
        <Title order={1}>{t('nav.sandbox')}</Title>
        <span className={classes.quiet}>{t('sandbox.hint')}</span>
      </div>
      <Stack gap="lg" maw={820}>
        <Running sandbox={sandbox} />
        <Zones running={sandbox.state === 'running'} />
        <ZoneEditor running={sandbox.state === 'running'} />
        <SignInAndDeployCenter sandbox={sandbox} />
        <Behaviour
          key={JSON.stringify([sandbox.dialect, sandbox.latencyMs, sandbox.quirks])}
          sandbox={sandbox}
        />
      </Stack>
    </div>
  )
}

function Running({ sandbox }: { sandbox: SandboxState }) {
  const { t } = useTranslation()
  const { app, domains, zone } = useStores()
  const running = sandbox.state === 'running'
  const [asking, { open, close }] = useDisclosure(false)
  async function order(what: 'start' | 'stop' | 'reset' | 'populate') {
    if (!(await app.getState().order(what))) return
    tell(t, t('sandbox.done'))
    if (what !== 'reset' && what !== 'populate') return
    void zone.getState().refresh()
    // Another fleet is the point of both: that it has fewer domains is no surprise.
    const read = await domains.getState().refreshFleet(true)
    if (!read.ok) tellFailure(read.failure)
  }
  const orders = [
    {
      what: running ? 'stop' : 'start',
      hint: running ? t('sandbox.stopWhat') : '',
      enabled: sandbox.state !== 'starting',
    },
    { what: 'reset', hint: t('sandbox.resetWhat'), enabled: running },
    { what: 'populate', hint: t('sandbox.populateWhat'), enabled: running },
  ] as const
  return (
    <section className={classes.card}>
      <p role="status">{t(`sandbox.state.${sandbox.state}`, { address: sandbox.address ?? '' })}</p>
      <Stack gap="xs">
        {orders.map(({ what, hint, enabled }) => (
          <Group key={what} wrap="nowrap">
            <Button
              flex="none"
              variant="default"
              size="compact-md"
              disabled={!enabled}
              onClick={() => (what === 'reset' ? open() : void order(what))}
            >
              {t(`sandbox.${what}`)}
            </Button>
            <span className={classes.quiet}>{hint}</span>
          </Group>
        ))}
      </Stack>
      <Modal
        opened={asking}
        onClose={close}
        title={t('sandbox.resetAsk')}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        <p>{t('sandbox.resetWhat')}</p>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={close}>
            {t('app.cancel')}
          </Button>
          <Button
            onClick={() => {
              close()
              void order('reset')
            }}
          >
            {t('sandbox.reset')}
          </Button>
        </Group>
      </Modal>
    </section>
  )
}

/** What a town does at its DNS host: the console itself never touches a zone. */
function Zones({ running }: { running: boolean }) {
  const { t } = useTranslation()
  const { bridge, zone } = useStores()
  const [domain, setDomain] = useState('')
  async function heal() {
    const reply = await bridge['sandbox.heal']({ domain })
    if (!reply.ok) return tellFailure(reply.failure)
    tell(t, t('sandbox.healed', { domain }))
    void zone.getState().refresh()
  }
  return (
    <section className={classes.card}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void heal()
        }}
      >
        <Group align="flex-end">
          <TextInput
            label={t('sandbox.heal')}
            description={t('sandbox.healWhat')}
            placeholder="montfleury.example"
            w={340}
            value={domain}
            maxLength={253}
            onChange={(event) => setDomain(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={!running || domain.trim() === ''}>
            {t('sandbox.healNow')}
          </Button>
        </Group>
      </form>
    </section>
  )
}

function Behaviour({ sandbox }: { sandbox: SandboxState }) {
  const { t } = useTranslation()
  const { app } = useStores()
  const [dialect, setDialect] = useState(sandbox.dialect)
  const [latencyMs, setLatency] = useState(sandbox.latencyMs)
  const [quirks, setQuirks] = useState(sandbox.quirks)
  async function apply() {
    if (await app.getState().configureSandbox({ dialect, latencyMs, quirks })) tell(t, t('sandbox.applied'))
  }
  return (
    <section className={classes.card}>
      <Stack gap="sm">
        <Select
          label={t('sandbox.dialect')}
          data={[...dialects]}
          value={dialect}
          allowDeselect={false}
          onChange={(value) => setDialect(dialects.find((one) => one === value) ?? dialect)}
        />
        <NumberInput
          label={t('sandbox.latency')}
          value={latencyMs}
          min={0}
          max={60_000}
          onChange={(value) => setLatency(Math.round(Number(value)) || 0)}
        />
        <Checkbox.Group
          label={t('sandbox.quirks')}
          value={quirks}
          onChange={(values) => setQuirks(sandboxQuirks.filter((quirk) => values.includes(quirk)))}
        >
          <Stack gap={6} mt={4}>
            {sandboxQuirks.map((quirk) => (
              <Checkbox key={quirk} size="xs" value={quirk} label={t(`sandbox.quirk.${quirk}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Group>
          <Button onClick={() => void apply()}>{t('sandbox.apply')}</Button>
        </Group>
      </Stack>
    </section>
  )
}
