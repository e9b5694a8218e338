import { Button, Group, NativeSelect, TagsInput, Title } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/failure.ts'
import { type DeployCenterMode, deployCenterModes, type SandboxAgent } from '../../preload/session-shapes.ts'
import type { SandboxState } from '../../preload/shapes.ts'
import classes from '../app/app.module.css'
import { External } from '../parts/External.tsx'
import { FailureCard } from '../parts/FailureCard.tsx'
import { tell, tellFailure } from '../parts/tell.ts'
import { useStores } from '../stores.ts'
import own from './sandbox.module.css'

/** Who can sign in at the sandbox's provider, and how its DeployCenter answers about them. */
export function SignInAndDeployCenter({ sandbox }: { sandbox: SandboxState }) {
  const { t } = useTranslation()
  const running = sandbox.state === 'running'
  return (
    <section className={classes.card} aria-labelledby="sandbox-sign-in">
      <Title order={2} id="sandbox-sign-in">
        {t('sandbox.signIn')}
      </Title>
      <p className={classes.quiet}>{t('sandbox.signInWhat')}</p>
      <Mode mode={sandbox.deployCenter} running={running} />
      {running ? <Agents /> : <p className={classes.quiet}>{t('sandbox.agentsWhenRunning')}</p>}
    </section>
  )
}

function Mode({ mode, running }: { mode: DeployCenterMode; running: boolean }) {
  const { t } = useTranslation()
  const { app, bridge } = useStores()
  async function choose(value: string) {
    const chosen = deployCenterModes.find((one) => one === value)
    if (!chosen) return
    const reply = await bridge['sandbox.deployCenter']({ mode: chosen })
    if (reply.ok) app.setState({ sandbox: reply.value })
    else tellFailure(reply.failure)
  }
  return (
    <>
      <NativeSelect
        label={t('sandbox.deployCenter')}
        value={mode}
        disabled={!running}
        data={deployCenterModes.map((value) => ({ value, label: t(`sandbox.mode.${value}`) }))}
        onChange={(event) => void choose(event.currentTarget.value)}
      />
      <p className={classes.quiet} role="status">
        {t(`sandbox.modeMeans.${mode}`)}
      </p>
    </>
  )
}

function Agents() {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [agents, setAgents] = useState<SandboxAgent[] | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const read = useCallback(async () => {
    const reply = await bridge['sandbox.agents']()
    setFailure(reply.ok ? null : reply.failure)
    if (reply.ok) setAgents(reply.value)
  }, [bridge])
  useEffect(() => {
    void read()
    // Made as new, it knows other people or other domains of theirs.
    return bridge.on('sandbox.changed', () => void read())
  }, [bridge, read])
  if (failure) return <FailureCard failure={failure} />
  if (!agents) return <p role="status">{t('domains.loading')}</p>
  if (agents.length === 0) return <p className={classes.quiet}>{t('sandbox.noAgents')}</p>
  return agents.map((agent) => (
    // What is typed of one stays until DeployCenter says something else of them.
    <Agent key={JSON.stringify(agent)} agent={agent} taken={setAgents} />
  ))
}

const subscriptions = ['active', 'inactive', 'none'] as const

function Agent({ agent, taken }: { agent: SandboxAgent; taken: (agents: SandboxAgent[]) => void }) {
  const { t } = useTranslation()
  const { bridge } = useStores()
  const [domains, setDomains] = useState(agent.domains)
  const [subscription, setSubscription] = useState(agent.subscription)
  const [busy, setBusy] = useState(false)
  const isSame =
    JSON.stringify([domains, subscription]) === JSON.stringify([agent.domains, agent.subscription])
  async function entitle() {
    setBusy(true)
    const reply = await bridge['sandbox.entitle']({ id: agent.id, domains, subscription })
    setBusy(false)
    if (!reply.ok) return tellFailure(reply.failure)
    taken(reply.value)
    tell(t, t('sandbox.entitled', { name: agent.name }))
  }
  return (
    <form
      className={own.agent}
      aria-label={agent.name}
      onSubmit={(event) => {
        event.preventDefault()
        void entitle()
      }}
    >
      <p>
        <strong>
          <External>{agent.name}</External>
        </strong>{' '}
        <External>{agent.email}</External>
      </p>
      <TagsInput
        label={t('sandbox.agentDomains')}
        description={domains.length === 0 ? t('sandbox.agentNoDomains') : undefined}
        value={domains}
        onChange={setDomains}
        maxLength={260}
        splitChars={[',', ' ', ';']}
      />
      <Group align="flex-end" mt="xs">
        <NativeSelect
          label={t('sandbox.subscription')}
          value={subscription}
          data={subscriptions.map((value) => ({ value, label: t(`sandbox.subscriptionIs.${value}`) }))}
          onChange={({ currentTarget: { value } }) =>
            setSubscription(subscriptions.find((one) => one === value) ?? subscription)
          }
        />
        <Button type="submit" variant="default" disabled={isSame} loading={busy}>
          {t('sandbox.entitle')}
        </Button>
      </Group>
    </form>
  )
}
