import { Button, Group, Switch, Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { FailureCard } from '../parts/FailureCard.tsx'
import classes from './provisioning.module.css'
import type { ProvisioningStore } from './store.ts'

/** What is to be provisioned, as it is pasted or as a file has it. */
export function Typed({ store }: { store: ProvisioningStore }) {
  const { t } = useTranslation()
  const { text, oidcAutojoin, identitySync, busy, failure } = useStore(store)
  const { write, preview } = store.getState()
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        void preview('text')
      }}
    >
      <div>
        <p>{t('provisioning.forms')}</p>
        <pre className={classes.example}>{t('provisioning.example')}</pre>
      </div>
      <Textarea
        label={t('provisioning.paste')}
        description={t('provisioning.pasteHint')}
        autosize
        minRows={6}
        maxRows={16}
        maxLength={2_000_000}
        spellCheck={false}
        classNames={{ input: classes.code }}
        value={text}
        onChange={(event) => write({ text: event.currentTarget.value })}
      />
      <Switch
        label={t('provisioning.oidcAutojoin')}
        description={t('provisioning.oidcAutojoinWhat')}
        checked={oidcAutojoin}
        onChange={(event) => write({ oidcAutojoin: event.currentTarget.checked })}
      />
      <Switch
        label={t('provisioning.identitySync')}
        description={t('provisioning.identitySyncWhat')}
        checked={identitySync}
        onChange={(event) => write({ identitySync: event.currentTarget.checked })}
      />
      {failure ? <FailureCard failure={failure} /> : null}
      <Group justify="flex-end">
        <Button
          variant="default"
          disabled={busy !== null}
          loading={busy === 'file'}
          onClick={() => void preview('file')}
        >
          {t('provisioning.choose')}
        </Button>
        <Button type="submit" disabled={text.trim() === '' || busy !== null} loading={busy === 'text'}>
          {t('provisioning.dryRun')}
        </Button>
      </Group>
    </form>
  )
}
