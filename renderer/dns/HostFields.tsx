import { useTranslation } from 'react-i18next'
import type { Diagnosis, HostForm } from '../../preload/dns-shapes.ts'
import classes from './dns.module.css'
import { LongText } from './LongText.tsx'

type Props = { form: HostForm; host: Diagnosis['host']; of: string }

/** One record as the host's page wants it, a field at a time, each ready to be copied. */
export function HostFields({ form, host, of }: Props) {
  const { t } = useTranslation()
  const fields = [
    ['type', form.type],
    ['name', form.name],
    ['priority', form.priority === null ? null : String(form.priority)],
    ['value', form.value],
  ] as const
  return (
    <div className={classes.form}>
      <p className={classes.quiet}>
        {host === null ? t('dns.form.unknownHost') : t('dns.form.host', { host: host.name })}
      </p>
      <dl className={classes.facts}>
        {fields.map(([field, text]) =>
          text === null ? null : (
            <div key={field}>
              <dt>{t(`dns.form.${field}`)}</dt>
              <dd>
                {text === '' ? (
                  t('dns.form.empty')
                ) : (
                  <LongText
                    text={text}
                    copy={t('dns.form.copy', { field: t(`dns.form.${field}`), record: of })}
                  />
                )}
              </dd>
            </div>
          ),
        )}
      </dl>
    </div>
  )
}
