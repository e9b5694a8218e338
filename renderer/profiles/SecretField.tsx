import { Button, PasswordInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProfileSecrets } from '../../preload/profile-shapes.ts'
import { useProfileForm } from './form.ts'
import classes from './profiles.module.css'

type Props = {
  name: keyof ProfileSecrets
  label: string
  description?: string
  known: boolean
  required?: boolean
}

/** A secret goes in and never comes back: when one is known, it is replaced or left alone. */
export function SecretField({ name, label, description, known, required = false }: Props) {
  const { t } = useTranslation()
  const form = useProfileForm()
  const path = `secrets.${name}` as const
  const [replacing, setReplacing] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (replacing) input.current?.focus()
  }, [replacing])
  const isAsked = replacing || form.errors[path] !== undefined || form.values.secrets[name] !== ''
  function keep() {
    form.setFieldValue(path, '')
    form.clearFieldError(path)
    setReplacing(false)
  }
  if (known && !isAsked)
    return (
      <div className={classes.known}>
        <span>
          {label} – {t('profiles.secret.known')}
        </span>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t('profiles.secret.replaceWhat', { label })}
          onClick={() => setReplacing(true)}
        >
          {t('profiles.secret.replace')}
        </Button>
      </div>
    )
  return (
    <div className={classes.secret}>
      <PasswordInput
        ref={input}
        label={label}
        description={description}
        required={required}
        autoComplete="off"
        maxLength={2000}
        // Mantine says it of every other field by itself.
        aria-invalid={form.errors[path] !== undefined}
        {...form.getInputProps(path)}
        // Emptied while it is typed, it stays.
        onFocus={() => setReplacing(known)}
      />
      {known ? (
        <Button size="compact-sm" variant="subtle" onClick={keep}>
          {t('profiles.secret.keep')}
        </Button>
      ) : null}
    </div>
  )
}
