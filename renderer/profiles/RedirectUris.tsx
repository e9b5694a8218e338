import { TagsInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../parts/CopyButton.tsx'
import { useProfileForm } from './form.ts'
import classes from './profiles.module.css'
import { redirectUris, signedOutUri } from './values.ts'

/** The addresses on this computer to which the provider sends the agent back, to be registered there exactly so. */
export function RedirectUris() {
  const { t } = useTranslation()
  const form = useProfileForm()
  const uris = redirectUris(form.values.signIn)
  return (
    <>
      <TagsInput
        label={t('profiles.signIn.ports')}
        description={t('profiles.signIn.portsHint')}
        inputMode="numeric"
        maxTags={10}
        {...form.getInputProps('signIn.ports')}
      />
      <TextInput
        label={t('profiles.signIn.path')}
        maxLength={101}
        spellCheck={false}
        {...form.getInputProps('signIn.path')}
      />
      <Registered id="profile-redirects" label={t('profiles.signIn.redirects')} uris={uris} />
      <Registered
        id="profile-sign-outs"
        label={t('profiles.signIn.signOuts')}
        uris={uris.map(signedOutUri)}
      />
    </>
  )
}

function Registered({ id, label, uris }: { id: string; label: string; uris: readonly string[] }) {
  const { t } = useTranslation()
  if (uris.length === 0) return null
  return (
    <div>
      <p className={classes.known}>
        <span className={classes.label} id={id}>
          {label}
        </span>
        <CopyButton text={uris.join('\n')} label={t('profiles.signIn.copyRedirects')} />
      </p>
      <ul className={classes.list} aria-labelledby={id}>
        {uris.map((uri) => (
          <li key={uri}>
            <code>{uri}</code>
            <CopyButton text={uri} label={t('profiles.signIn.copyRedirect', { uri })} />
          </li>
        ))}
      </ul>
    </div>
  )
}
